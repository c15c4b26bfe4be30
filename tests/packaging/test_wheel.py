"""The project's own packages: what is in them, what is not to be seen in them, and the wheel at work without a clone."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import runpy
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.exercise import exercises_in
from grader.shipped import (
    PROJECT,
    exercises_folder,
    files_in,
    packed,
    project_folder,
    shipment,
    solution_files,
    version,
)

ROOT = Path(__file__).parents[2]
WEATHER = "03_gather_weather"
EXERCISES = exercises_in(ROOT / "exercises")
REFERENCE = ROOT / "solutions" / WEATHER / "gather_weather.py"

Contents = Callable[[Path], Mapping[str, bytes]]


# -- what is in it ---------------------------------------------------------------------------------------------


def test_the_wheel_holds_the_package_and_its_shipment_and_nothing_else(
    clone: Path, packages: Any, contents_of: Contents
) -> None:
    """Templates, scripts and exercises are in it; tests, docs and solutions that one could read are not."""
    names = {name for name in contents_of(packages.wheel) if ".dist-info/" not in name}

    package = {f"grader/{path}" for path in files_in(clone / "grader")}
    shipped = {f"grader/shipment/exercises/{path}" for path in files_in(clone / "exercises")}
    project = {f"grader/shipment/project/{name}" for name in PROJECT}
    assert names == package | shipped | project | {"grader/shipment/solutions.packed"}


def test_record_lists_all(packages: Any, contents_of: Contents) -> None:
    """Every file of the wheel is in RECORD, with its digest and size; RECORD itself has neither."""
    files = dict(contents_of(packages.wheel))
    (record,) = (name for name in files if name.endswith(".dist-info/RECORD"))
    rows = {name: (digest, size) for name, digest, size in csv.reader(io.StringIO(files[record].decode()))}

    assert rows.pop(record) == ("", "")
    del files[record]
    assert rows == {name: (f"sha256={_digest(content)}", str(len(content))) for name, content in files.items()}


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def test_the_source_is_the_authors(clone: Path, packages: Any, contents_of: Contents) -> None:
    """The source distribution has all that the project is made of, solutions and tests in plain, and no caches."""
    files = contents_of(packages.sdist)

    for folder in ("grader", "exercises", "solutions"):
        assert {name for name in files if name.startswith(f"{folder}/")} >= {
            f"{folder}/{path}" for path in files_in(clone / folder)
        }
    assert {*PROJECT, "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run", "docs/design.md", "tests/conftest.py"} <= set(files)
    assert not [name for name in files if "__pycache__" in name or "_cache/" in name]


def test_the_source_gives_the_same_wheel(packages: Any, build: Any, tmp_path: Path) -> None:
    """Byte for byte; and building it leaves nothing behind in the folder that it is built in."""
    shutil.unpack_archive(packages.sdist, tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    before = {path for path in source.rglob("*") if "__pycache__" not in path.parts}
    (wheel,) = build(source, tmp_path / "out", "wheel")

    assert wheel.name == packages.wheel.name
    assert wheel.read_bytes() == packages.wheel.read_bytes()
    assert {path for path in source.rglob("*") if "__pycache__" not in path.parts} == before


def test_without_solutions_the_wheel_is_built_without(
    packages: Any, contents_of: Contents, build: Any, tmp_path: Path
) -> None:
    """Nothing else is missing then. An autograder's hidden checks, which come without the solution, are not packed."""
    shutil.unpack_archive(packages.sdist, tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    shutil.rmtree(source / "solutions")
    (source / "solutions" / WEATHER).mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / WEATHER / "test_hidden.py", source / "solutions" / WEATHER)
    (wheel,) = build(source, tmp_path / "out", "wheel")

    left = set(contents_of(packages.wheel)) - set(contents_of(wheel))
    assert left == {"grader/shipment/solutions.packed"}


# -- solutions are not read by accident ------------------------------------------------------------------------


def test_every_answer_has_lines_to_be_known_by(answers: Any) -> None:
    """So that not finding them says something: each solution and each hidden check has some of its own."""
    known = [path for path in answers.files if path.count("/") == 1]
    assert len(known) == len(EXERCISES) + sum(e.hidden is not None for e in EXERCISES)
    assert not [path for path in known if not answers.files[path]]
    assert len(answers.lines) > 2000


def test_no_search_shows_a_solution(packages: Any, contents_of: Contents, installed: Any, answers: Any) -> None:
    """No line of one can be read in the wheel, in its members, or in what is installed; unpacked, they are there."""
    members = contents_of(packages.wheel)
    assert answers.seen_in([packages.wheel.read_bytes(), *members.values()]) == set()
    assert answers.seen_in(path.read_bytes() for path in installed.package.rglob("*") if path.is_file()) == set()
    found = answers.hidden_in([packages.wheel.read_bytes()])
    assert [path for path, lines in answers.files.items() if lines and not lines & found] == []


def test_a_first_line_says_what_it_is(packages: Any, contents_of: Contents) -> None:
    """Whoever opens the packed file is told what it is, and how to see a solution."""
    first = contents_of(packages.wheel)["grader/shipment/solutions.packed"].splitlines()[0].decode()
    assert "onedelay solution NN" in first


_READ = """
import json
from grader import exercise, shipped
names = [e.name for e in exercise.exercises_in(shipped.exercises_folder())]
read = {name: {path: text.hex() for path, text in shipped.solution_files(name).items()} for name in names}
print(json.dumps([read, shipped.solution_files("99_nothing"), shipped.version()]))
"""


def test_what_was_packed_is_read_as_it_was(clone: Path, installed: Any, tmp_path: Path) -> None:
    """Every file of every exercise's solutions, to the byte; of an unknown exercise there are none."""
    read, nothing, said = json.loads(installed.run("python", "-c", _READ, cwd=tmp_path).stdout)

    assert {name: {path: bytes.fromhex(text) for path, text in files.items()} for name, files in read.items()} == {
        e.name: files_in(e.solutions) for e in exercises_in(clone / "exercises")
    }
    assert nothing is None
    assert said == version()


def test_any_bytes_survive_packing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is not text to it: no encoding is expected, and no line end is changed."""
    files = {"odd.py": bytes(range(256)), "empty.py": b"", "accepted/ends.py": b"a\r\nb\n\xef\xbb\xbf"}
    (tmp_path / "shipment").mkdir()
    (tmp_path / "shipment" / "solutions.packed").write_bytes(packed({"01_one": {"one.py": b"1"}, "02_odd": files}))
    monkeypatch.setattr("grader.shipped._HERE", tmp_path)

    assert solution_files("02_odd") == files
    assert solution_files("01_one") == {"one.py": b"1"}


def test_a_clone_and_an_editable_installation_use_the_clones_folders() -> None:
    """Nothing is shipped in them, whatever was built before; what is edited is what is used."""
    assert shipment() is None
    assert (exercises_folder(), project_folder()) == (ROOT / "exercises", ROOT)
    assert solution_files(WEATHER) == files_in(ROOT / "solutions" / WEATHER)
    assert solution_files("99_nothing") is None


def test_building_for_an_editable_installation_adds_nothing() -> None:
    """The hook leaves it as it is."""
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))["ShipmentHook"](str(ROOT), {}, None, None, "", "wheel")
    data: dict[str, dict[str, str]] = {"force_include": {}}
    hook.initialize("editable", data)
    assert data == {"force_include": {}}


# -- at work without a clone -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace(installed: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's workspace, made from an empty folder."""
    empty = tmp_path_factory.mktemp("learner")
    assert installed.run("onedelay", "start", "work", cwd=empty).returncode == 0
    return empty / "work"


@pytest.fixture(scope="module")
def desk(installed: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instructor's workspace, which has solutions, made from an empty folder."""
    empty = tmp_path_factory.mktemp("instructor")
    assert installed.run("onedelay", "start", "desk", "--with-solutions", cwd=empty).returncode == 0
    return empty / "desk"


def test_a_workspace_has_the_exercises_and_no_answer(clone: Path, workspace: Path, answers: Any) -> None:
    """All files of the exercises are as in the clone; no line of a solution or a hidden check is anywhere."""
    assert files_in(workspace / "exercises") == files_in(clone / "exercises")
    assert answers.hidden_in(path.read_bytes() for path in workspace.rglob("*") if path.is_file()) == set()


def test_pytest_finds_that_the_stub_is_not_started(installed: Any, workspace: Path) -> None:
    """As in a clone: one diagnosis, and the next step."""
    done = installed.run("python", "-m", "pytest", "exercises/03", cwd=workspace)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "03 gather_weather   ·  not started" in done.stdout


def test_a_solution_is_seen_by_the_command_only(installed: Any, workspace: Path) -> None:
    """Before the exercise passes it takes ``--reveal``; then it is the reference."""
    before = installed.run("onedelay", "solution", "03", cwd=workspace)
    assert before.returncode == 1
    assert "async with httpx.AsyncClient()" not in before.stdout + before.stderr

    revealed = installed.run("onedelay", "solution", "03", "--reveal", cwd=workspace)
    assert revealed.returncode == 0, revealed.stderr
    assert "async with httpx.AsyncClient()" in revealed.stdout
    assert not (workspace / "solutions").exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["nbgrader", "course", "course"], "a course needs the solution of 01_classify_workloads, which is not here"),
        (["verify", "03"], "`verify` needs the solution of 03_gather_weather, which is not here"),
    ],
)
def test_what_needs_solutions_says_where_they_are(
    installed: Any, workspace: Path, command: list[str], told: str
) -> None:
    """In one line with the way to a folder that has them; nothing is written."""
    before = sorted(workspace.iterdir())
    done = installed.run("onedelay", *command, cwd=workspace)
    assert done.returncode == 2
    assert done.stderr == f"onedelay: {told}: `onedelay start DIR --with-solutions` makes a folder with all of them\n"
    assert sorted(workspace.iterdir()) == before


def test_grading_without_hidden_checks_says_so(installed: Any, workspace: Path, tmp_path: Path) -> None:
    """A workspace has none: the class is graded out of fewer points, and whoever does it is told."""
    done = _grade(installed, workspace, _class(tmp_path), "weak")
    assert done.returncode == 0, done.stderr
    assert "not judged, as they are not in this folder: hidden checks of 03_gather_weather" in done.stderr


def test_a_desk_has_all_in_plain(clone: Path, desk: Path) -> None:
    """Exercises and solutions are those of the clone, file by file."""
    assert files_in(desk / "exercises") == files_in(clone / "exercises")
    assert files_in(desk / "solutions") == files_in(clone / "solutions")


@pytest.mark.slow
def test_a_class_is_graded_at_a_desk(installed: Any, desk: Path, tmp_path: Path) -> None:
    """With the hidden checks, as in a clone."""
    done = _grade(installed, desk, _class(tmp_path), "weak")
    assert (done.returncode, "not judged" in done.stderr) == (0, False), done.stderr
    assert _grades(tmp_path) == {"ada": "8", "bob": "6"}


@pytest.mark.slow
def test_a_submission_reads_no_solution_that_came_with_the_wheel(installed: Any, desk: Path, tmp_path: Path) -> None:
    """Where submissions are kept apart, what `grader.shipped` reads is closed to them."""
    folder = _class(tmp_path)
    (folder / "eve").mkdir()
    (folder / "eve" / "gather_weather.py").write_text(
        f"from grader import shipped\nexec(shipped.solution_files({WEATHER!r})['gather_weather.py'])\n"
    )
    done = _grade(installed, desk, folder, "full")
    if done.returncode == 2 and "isolation full" in done.stderr:
        pytest.skip(done.stderr.splitlines()[-1])
    assert done.returncode == 0, done.stderr
    assert _grades(tmp_path) == {"ada": "8", "bob": "6", "eve": "0"}
    assert "'NoneType' object is not subscriptable" in (tmp_path / "graded" / "feedback" / "eve.md").read_text("utf-8")


@pytest.mark.slow
def test_other_commands_work_at_a_desk(installed: Any, desk: Path, tmp_path: Path) -> None:
    """A course for nbgrader, an autograder with the hidden checks, the three truths, and a new exercise."""
    course = installed.run("onedelay", "nbgrader", "course", str(tmp_path / "course"), "--exercise", "03", cwd=desk)
    assert course.returncode == 0, course.stderr
    assert "1 of them for hidden checks" in course.stdout

    out = tmp_path / "autograder.zip"
    package = installed.run("onedelay", "package", "gradescope", "--exercise", "03", "--out", str(out), cwd=desk)
    assert package.returncode == 0, package.stderr
    names = zipfile.ZipFile(out).namelist()
    assert {"hatch_build.py", "pyproject.toml", f"solutions/{WEATHER}/test_hidden.py"} <= set(names)
    assert not [name for name in names if "shipment" in name or name.endswith("/gather_weather.py")]

    new = installed.run("onedelay", "new", "42_feed_cats", cwd=desk)
    assert new.returncode == 0, new.stderr
    verify = installed.run("onedelay", "verify", "42", cwd=desk)
    assert verify.returncode == 0, verify.stdout
    shutil.rmtree(desk / "exercises" / "42_feed_cats")
    shutil.rmtree(desk / "solutions" / "42_feed_cats")


def test_an_autograder_made_in_a_workspace_has_the_hidden_checks(
    installed: Any, workspace: Path, tmp_path: Path
) -> None:
    """They come from the installation, so that a workspace serves as well."""
    out = tmp_path / "autograder.zip"
    done = installed.run("onedelay", "package", "gradescope", "--exercise", "03", "--out", str(out), cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert f"With hidden checks for {WEATHER}" in done.stdout
    assert f"solutions/{WEATHER}/test_hidden.py" in zipfile.ZipFile(out).namelist()


def _class(folder: Path) -> Path:
    for name, file in {"ada": REFERENCE, "bob": REFERENCE.parent / "rejected" / "ran-sequentially.py"}.items():
        (folder / "class" / name).mkdir(parents=True)
        shutil.copy(file, folder / "class" / name / REFERENCE.name)
    return folder / "class"


def _grade(installed: Any, desk: Path, submissions: Path, isolation: str) -> subprocess.CompletedProcess[str]:
    options = ["--exercise", "03", "--isolation", isolation, "--clock", "virtual"]
    options += ["--out", str(submissions.parent / "graded")]
    done: subprocess.CompletedProcess[str] = installed.run("onedelay", "grade", str(submissions), *options, cwd=desk)
    return done


def _grades(folder: Path) -> dict[str, str]:
    rows = csv.DictReader((folder / "graded" / "grades.csv").read_text("utf-8").splitlines())
    return {row["key"]: row[WEATHER] for row in rows}
