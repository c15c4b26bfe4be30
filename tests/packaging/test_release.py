"""What a class gets: a workspace and two packages that work, and in which no answer is, however packed."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader import cli
from grader.exercise import Exercise, exercises_in
from grader.packaging.leaks import Leak, leaks, secrets_of
from grader.shipped import files_in, version

ROOT = Path(__file__).parents[2]
NAME = f"onedelay-{version()}+class"
WHEEL, SDIST = f"{NAME}-py3-none-any.whl", f"{NAME}.tar.gz"
WEATHER = Exercise(ROOT / "exercises" / "03_gather_weather")

Contents = Callable[[Path], Mapping[str, bytes]]


def _release(*arguments: str, here: Path = ROOT) -> int:
    with contextlib.chdir(here):
        return cli.main(["release", *arguments])


@pytest.fixture(scope="module")
def released(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of all exercises of a clone."""
    folder = tmp_path_factory.mktemp("release") / "class"
    _release_of(clone, folder)
    return folder


def _release_of(clone: Path, folder: Path) -> None:
    # In the clone's folder, whose package is found before the one that is installed.
    command = [sys.executable, "-m", "grader.cli", "release", str(folder)]
    subprocess.run(command, cwd=clone, check=True, capture_output=True, timeout=120)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with two exercises and their solutions in plain, which may be changed."""
    for name in ("02_count_async", WEATHER.name):
        for kind in ("exercises", "solutions"):
            shutil.copytree(ROOT / kind / name, tmp_path / "course" / kind / name)
    return tmp_path / "course"


# -- what is in it ---------------------------------------------------------------------------------------------


def test_a_release_is_a_workspace_and_two_packages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was written is told, what was searched for, and what to do next; nothing else is left in the folder."""
    assert _release(str(tmp_path / "class")) == 0

    told = capsys.readouterr().out.splitlines()
    assert sorted(path.name for path in (tmp_path / "class").iterdir()) == [WHEEL, SDIST, "workspace"]
    assert told[0].startswith(f"{tmp_path / 'class'}: {len(exercises_in(ROOT / 'exercises'))} exercises")
    assert [line.split()[0] for line in told[1:4]] == ["workspace/", WHEEL, SDIST]
    assert told[4].startswith("Searched for ")
    assert told[4].endswith("1 file of hidden checks: none of them is in it.")
    assert told[5].startswith("Next: ")


def test_the_same_files_give_the_same_release(clone: Path, released: Path, tmp_path: Path) -> None:
    """Byte for byte, so that nobody has to wonder which one a student has."""
    _release_of(clone, tmp_path / "again")
    assert files_in(tmp_path / "again") == files_in(released)


def test_no_answer_is_in_it(released: Path, answers: Any, contents_of: Contents) -> None:
    """No line by which a solution, right or wrong, or a hidden check is known, however it is packed; nor such a file."""
    files = {path.relative_to(released).as_posix(): path for path in released.rglob("*") if path.is_file()}
    assert answers.hidden_in(path.read_bytes() for path in files.values()) == set()

    names = [*files, *contents_of(released / WHEEL), *contents_of(released / SDIST)]
    assert not [name for name in names if name.endswith(("test_hidden.py", "solutions.packed"))]
    assert not [
        name for name in names if name.startswith(("solutions/", "tests/", "examples/", "workspace/solutions/"))
    ]
    exercises = [name for name in names if "exercises/" in name]
    assert not [name for name in exercises if "accepted" in name or "rejected" in name]


def _zipped(text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", text)
    return out.getvalue()


def _tarred(text: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as tar:
        member = tarfile.TarInfo("inside.txt")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return out.getvalue()


@pytest.mark.parametrize(
    "hide",
    [
        lambda text: text,
        lambda text: json.dumps({"a": text.decode()}).encode(),
        lambda text: b"\x00\x01" + zlib.compress(text),
        base64.b64encode,
        base64.encodebytes,
        lambda text: base64.urlsafe_b64encode(zlib.compress(text)),
        _zipped,
        _tarred,
        lambda text: _tarred(b"x = '" + base64.b64encode(_zipped(text)) + b"'"),
    ],
)
def test_the_search_would_find_an_answer(hide: Callable[[bytes], bytes], answers: Any) -> None:
    """The search that finds nothing in a release finds an answer in plain, packed, encoded, or all of it in turn."""
    path = f"{WEATHER.name}/test_hidden.py"
    text = (ROOT / "solutions" / path).read_bytes()
    assert answers.files[path] & answers.hidden_in([hide(text)])


def test_the_source_gives_the_same_wheel(released: Path, build: Any, tmp_path: Path) -> None:
    """Byte for byte, with no solutions to be had."""
    shutil.unpack_archive(released / SDIST, tmp_path, filter="data")
    (wheel,) = build(tmp_path / NAME, tmp_path / "out", "wheel")
    assert wheel.read_bytes() == (released / WHEEL).read_bytes()


def test_chosen_exercises(tmp_path: Path, contents_of: Contents) -> None:
    """Only these are in the workspace and in the packages; the index of all is in none of them."""
    assert _release(str(tmp_path / "class"), "--exercise", "3", "--exercise", "02_count_async") == 0

    places: dict[str, Mapping[str, bytes]] = {"workspace": files_in(tmp_path / "class" / "workspace")}
    places |= {name: contents_of(tmp_path / "class" / name) for name in (WHEEL, SDIST)}
    for place, files in places.items():
        found = {name.partition("exercises/")[2].partition("/")[0] for name in files if "exercises/" in name}
        assert found == {"02_count_async", WEATHER.name}, place


# -- it works --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def student(released: Path, install: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """Return a student's installation and their copy of the workspace."""
    folder = tmp_path_factory.mktemp("student") / "work"
    shutil.copytree(released / "workspace", folder)
    return install(released / WHEEL), folder


def test_a_student_works_with_it(clone: Path, student: tuple[Any, Path]) -> None:
    """The workspace that was given out, or one made by the wheel, with a stub to begin with."""
    installed, folder = student
    done = installed.run("python", "-m", "pytest", "exercises/03", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "03 gather_weather   ·  not started" in done.stdout

    started = installed.run("onedelay", "start", "../own", cwd=folder)
    assert started.returncode == 0, started.stderr
    assert files_in(folder.parent / "own" / "exercises") == files_in(clone / "exercises")
    assert "Nothing is newer" in installed.run("onedelay", "update", cwd=folder).stdout


def test_a_right_answer_passes(student: tuple[Any, Path]) -> None:
    """All checks that are shown; the hidden ones are the instructor's."""
    installed, folder = student
    work = folder.parent / "right"
    shutil.copytree(folder, work)
    shutil.copy(WEATHER.solutions / WEATHER.stub.name, work / "exercises" / WEATHER.name)
    assert installed.run("onedelay", "check", "03", cwd=work).returncode == 0


def test_solutions_are_not_part_of_it(student: tuple[Any, Path]) -> None:
    """The command says so in one line, and so does everything else that needs one."""
    installed, folder = student
    start = ["start", "../x", "--with-solutions"]
    for command in (["solution", "03", "--reveal"], start, ["verify", "03"], ["nbgrader", "course", "x"]):
        done = installed.run("onedelay", *command, cwd=folder)
        assert done.returncode == 2
        assert "not part of this installation" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (folder.parent / "x").exists()


def test_an_installed_wheel_releases_the_same(installed: Any, released: Path, tmp_path: Path) -> None:
    """No clone is needed: from the project's wheel, in an empty folder, comes what comes from the clone."""
    done = installed.run("onedelay", "release", "class", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert files_in(tmp_path / "class") == files_in(released)


def test_a_release_of_a_release_is_the_same(student: tuple[Any, Path], released: Path, tmp_path: Path) -> None:
    """An assistant who has a class's installation only can make it again, and is told that no answers were known."""
    installed, _ = student
    done = installed.run("onedelay", "release", "class", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "No answers came with this installation" in done.stdout
    assert files_in(tmp_path / "class") == files_in(released)


# -- exercises of one's own ------------------------------------------------------------------------------------


def test_a_workspace_is_released_as_it_is_here(course: Path, tmp_path: Path) -> None:
    """Texts that were changed in a course, and exercises that it has more, are what students get."""
    readme = course / "exercises" / WEATHER.name / "README.md"
    readme.write_text(readme.read_text("utf-8") + "\nHand it in by Friday.\n", "utf-8")
    with contextlib.chdir(course):
        assert cli.main(["new", "42_feed_cats"]) == 0
    assert _release(str(tmp_path / "class"), here=course) == 0

    files = files_in(tmp_path / "class" / "workspace" / "exercises")
    assert b"by Friday" in files[f"{WEATHER.name}/README.md"]
    assert {path.partition("/")[0] for path in files} == {"02_count_async", WEATHER.name, "42_feed_cats"}


def test_a_stub_that_somebody_worked_in_is_the_untouched_one(course: Path, tmp_path: Path) -> None:
    """In a workspace one works: what students get is the stub that came with the installation."""
    shutil.copy(WEATHER.solutions / WEATHER.stub.name, course / "exercises" / WEATHER.name)
    assert _release(str(tmp_path / "class"), here=course) == 0
    stub = tmp_path / "class" / "workspace" / "exercises" / WEATHER.name / WEATHER.stub.name
    assert stub.read_bytes() == WEATHER.stub.read_bytes()


def _solved(course: Path) -> None:
    with contextlib.chdir(course):
        assert cli.main(["new", "42_feed_cats"]) == 0
    (course / "exercises" / "42_feed_cats" / "feed_cats.py").write_text("async def feed_cats(): return 1\n")


def _told(course: Path) -> None:
    text = (course / "solutions" / WEATHER.name / "accepted" / "task_group.py").read_text("utf-8")
    readme = course / "exercises" / WEATHER.name / "README.md"
    indented = "".join(f"   {line}\n" for line in text.splitlines())
    readme.write_text(f"{readme.read_text('utf-8')}\n```python\n{indented}```\n", "utf-8")


def _hidden(course: Path) -> None:
    shutil.copy(WEATHER.solutions / "test_hidden.py", course / "exercises" / WEATHER.name / "test_more.py")


def _misplaced(course: Path) -> None:
    (course / "exercises" / WEATHER.name / "rejected").mkdir()
    (course / "exercises" / WEATHER.name / "rejected" / "empty.py").write_text("")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_solved, "feed_cats.py is no stub any more: it has no NotImplementedError; put it back first"),
        (_told, f"exercises/{WEATHER.name}/README.md would tell {WEATHER.name}/accepted/task_group.py"),
        (_hidden, f"exercises/{WEATHER.name}/test_more.py would tell {WEATHER.name}/test_hidden.py"),
        (_misplaced, f"exercises/{WEATHER.name}/rejected/empty.py would tell what only authors see"),
    ],
)
def test_what_would_tell_an_answer_is_not_released(
    course: Path, tmp_path: Path, spoil: Callable[[Path], None], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says which file tells what; nothing is written."""
    spoil(course)
    capsys.readouterr()
    assert _release(str(tmp_path / "class"), here=course) == 2
    error = capsys.readouterr().err
    assert told in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "class").exists()


def test_an_exercise_that_is_not_chosen_is_in_nobodys_way(course: Path, tmp_path: Path) -> None:
    """Its stub may be in any state."""
    _solved(course)
    assert _release(str(tmp_path / "class"), "--exercise", "03", here=course) == 0


# -- what cannot be --------------------------------------------------------------------------------------------


@pytest.fixture
def nothing_changes(tmp_path: Path) -> Iterator[None]:
    """Whatever was in the folder is in it afterwards, and nothing else."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = files_in(tmp_path)
    yield
    assert files_in(tmp_path) == before


@pytest.mark.usefixtures("nothing_changes")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["full"], "full is not empty: choose a new folder, or remove this one first"),
        (["file"], "file is a file: choose another name for the folder"),
        (["file/below"], "file/below cannot be written: Not a directory"),
        (["new", "--exercise", "99"], "is no exercise; choose from"),
    ],
)
def test_one_line_says_why_not(
    tmp_path: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is overwritten, and nothing is left behind."""
    assert _release(*arguments, here=tmp_path) == 2
    error = capsys.readouterr().err
    assert told in error
    assert len(error.splitlines()) == 1


def test_a_second_release_does_not_replace_the_first(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An earlier release may be in students' hands: it is removed by whoever means to."""
    before = files_in(released)
    assert _release(str(released)) == 2
    assert "is not empty" in capsys.readouterr().err
    assert files_in(released) == before


def test_without_hatchling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing is named, before anything is done."""
    monkeypatch.setitem(sys.modules, "hatchling", None)
    assert _release(str(tmp_path / "class")) == 2
    assert "pip install hatchling" in capsys.readouterr().err
    assert not (tmp_path / "class").exists()


# -- leaks -----------------------------------------------------------------------------------------------------

_SECRET = {
    "01_one/one.py": b"# the answer\nimport asyncio\n\nasync def one():\n    first()\n    second()\n    third()\n"
}
_STUB = [b"import asyncio\n\nasync def one():\n    raise NotImplementedError\n"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"first()\n", False),
        (b"a hint:\n\n    first()\n", False),
        (b"second()\n     third()\n", True),
        (b"> first()\n", False),
        (b"import asyncio\nasync def one():\n# the answer\n", False),
        (b"\xff\xfe first()", False),
        (_SECRET["01_one/one.py"], True),
    ],
)
def test_a_leak_is_most_of_what_is_an_answers_own(text: bytes, found: bool) -> None:
    """A hint may quote a line of three; what the stub has too, and comments, tell nothing."""
    expected = [Leak("stage/exercises/01_one/README.md", "01_one/one.py")] if found else []
    assert leaks({"stage/exercises/01_one/README.md": text}, _SECRET, _STUB) == expected


def test_an_answer_that_is_the_stub_is_no_secret() -> None:
    """Where nothing is an answer's own, nothing can be told."""
    assert leaks({"stage/x.py": _STUB[0]}, {"01_one/one.py": _STUB[0]}, _STUB) == []


def test_no_hint_quotes_half_an_answer() -> None:
    """Nothing in the exercises or in the grader holds most of a right answer or of a hidden check."""
    exercises = exercises_in(ROOT / "exercises")
    secrets = secrets_of(exercises)
    files = {f"x/{path}": text for folder in ("exercises", "grader") for path, text in files_in(ROOT / folder).items()}
    template = files_in(ROOT / "grader" / "authoring" / "template").values()

    assert len(secrets) > 200
    assert leaks(files, secrets, [*(e.stub.read_bytes() for e in exercises), *template]) == []
