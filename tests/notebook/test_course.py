"""What a course for nbgrader holds, and what of it students get."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import cli
from grader.exercise import Exercise
from grader.notebook.course.writing import CourseError, Plan, write

ROOT = Path(__file__).resolve().parents[2]
PLAIN = Exercise(ROOT / "exercises" / "03_gather_weather")
FILE = Exercise(ROOT / "exercises" / "35_when_not_async")


def files_in(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text("utf-8", "replace") for p in folder.rglob("*") if p.is_file()}


def secret_lines(exercise: Exercise) -> set[str]:
    """Return the lines of solutions and of hidden checks that the exercise's own files do not have."""
    own = "\n".join(files_in(exercise.folder).values())
    texts = files_in(exercise.solutions).values()
    lines = {line.strip() for text in texts for line in text.splitlines()}
    return {line for line in lines if len(line) > 24 and line not in own}


def told_in(folder: Path, exercise: Exercise) -> list[tuple[str, str]]:
    """Return the secrets of *exercise* that a file in *folder* tells, each with the file."""
    secrets = secret_lines(exercise)
    assert len(secrets) > 50
    # As it stands in a text, and as it stands in JSON.
    return [
        (path, secret)
        for path, text in files_in(folder).items()
        for secret in secrets
        if secret in text or json.dumps(secret, ensure_ascii=False)[1:-1] in text
    ]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan({"week1": [PLAIN, FILE]})


@pytest.fixture(scope="module")
def written(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    assert write(plan, folder).kept == []
    return folder


@pytest.fixture
def course(written: Path, tmp_path: Path) -> Path:
    """A copy of the course, to be changed."""
    return shutil.copytree(written, tmp_path / "course")


def notebook(course: Path, exercise: Exercise, assignment: str = "week1") -> Any:
    return json.loads((course / "source" / assignment / f"{exercise.name}.ipynb").read_text("utf-8"))


def cells(found: Any) -> dict[str, Any]:
    return {cell["id"]: cell for cell in found["cells"]}


def test_an_assignment_has_a_notebook_for_each_exercise(written: Path) -> None:
    """Beside it the exercises, without what nobody needs."""
    source = written / "source" / "week1"
    assert sorted(path.name for path in source.glob("*.ipynb")) == [f"{PLAIN.name}.ipynb", f"{FILE.name}.ipynb"]
    for exercise in (PLAIN, FILE):
        there = set(files_in(source / "exercises" / exercise.name))
        assert there == {str(p.relative_to(exercise.folder)) for p in exercise.folder.glob("*.*")}


@pytest.mark.parametrize("exercise", [PLAIN, FILE], ids=lambda exercise: exercise.name)
def test_a_notebook_is_one_that_every_program_can_read(written: Path, exercise: Exercise) -> None:
    """Of the current format, with a name for each cell."""
    found = notebook(written, exercise)
    nbformat.validate(found)
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in found["cells"]]
    assert len(set(ids)) == len(ids)


def test_what_is_graded_is_locked_and_has_the_points_of_the_checks(written: Path, plan: Plan) -> None:
    """Hidden ones in a cell of their own, where there are any."""
    found = cells(notebook(written, PLAIN))
    said = {name: cell["metadata"].get("nbgrader", {}) for name, cell in found.items()}
    assert list(found) == ["task", "answer", "checks", "hidden-checks", "try", "hints"]
    assert [name for name, one in said.items() if one.get("locked")] == ["task", "checks", "hidden-checks", "hints"]
    worth = write(plan, written).worth[PLAIN]
    assert worth.hidden > 0
    points = {name: one["points"] for name, one in said.items() if one.get("grade")}
    assert points == {"checks": worth.open, "hidden-checks": worth.hidden}
    assert said["answer"]["solution"] is True
    assert "hidden-checks" not in cells(notebook(written, FILE))


def test_an_answer_that_has_to_be_a_file_is_written_to_one(written: Path) -> None:
    """The others stand in the notebook alone."""
    assert cells(notebook(written, FILE))["answer"]["source"].startswith("%%writefile when_not_async.py\n")
    assert not cells(notebook(written, PLAIN))["answer"]["source"].startswith("%%")


def test_what_students_get_beside_the_notebook_tells_no_secret(written: Path) -> None:
    """No line of a solution, no line of a hidden check, no name of one."""
    for exercise in (PLAIN, FILE):
        assert told_in(written / "source" / "week1" / "exercises", exercise) == []
    assert told_in(written / "solutions", PLAIN), "or nothing is ever found"


def test_a_notebook_tells_secrets_only_where_nbgrader_takes_them_out(written: Path) -> None:
    """Between the marks of a solution."""
    for exercise in (PLAIN, FILE):
        inside = False
        kept = []
        for line in "\n".join(cell["source"] for cell in notebook(written, exercise)["cells"]).splitlines():
            inside = inside or "### BEGIN SOLUTION" in line
            kept += [] if inside else [line.strip()]
            inside = inside and "### END SOLUTION" not in line
        assert not inside
        assert secret_lines(exercise).isdisjoint(kept)


def test_who_grades_has_the_hidden_checks_and_the_reference(written: Path) -> None:
    """And not the catalogue of other answers, which is of use to nobody there."""
    there = files_in(written / "solutions" / PLAIN.name)
    assert set(there) == {"gather_weather.py", "test_hidden.py"}
    assert set(files_in(written / "exercises" / PLAIN.name)) >= {"README.md", "test_gather_weather.py"}


def test_changed_files_are_kept_and_named(course: Path, plan: Plan) -> None:
    """Unless they are to be replaced; files that are as they were are no news."""
    path = course / "source" / "week1" / f"{PLAIN.name}.ipynb"
    before = path.read_text("utf-8")
    (course / "nbgrader_config.py").write_text("# mine\n")
    path.write_text("{}")
    assert sorted(write(plan, course).kept) == sorted([course / "nbgrader_config.py", path])
    assert path.read_text() == "{}"
    assert write(plan, course, force=True).kept == []
    assert path.read_text("utf-8") == before
    assert "# mine" not in (course / "nbgrader_config.py").read_text()


def test_the_clock_and_the_isolation_are_the_courses(tmp_path: Path, plan: Plan) -> None:
    """They stand where nbgrader, and whoever looks, will find them."""
    other = dataclasses.replace(plan, clock="virtual", isolation="weak", kernel=True, assignments={"a": [PLAIN]})
    write(other, tmp_path)
    configuration = (tmp_path / "nbgrader_config.py").read_text()
    assert 'c.Submissions.how = "kernel"' in configuration
    assert 'c.Submissions.isolation = "weak"' in configuration
    assert 'clock="virtual")' in cells(notebook(tmp_path, PLAIN, "a"))["checks"]["source"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, plan: Plan) -> None:
    """In one line."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(CourseError, match=r"cannot be written: Permission denied$"):
        write(plan, tmp_path / "course")


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path, plan: Plan) -> None:
    """In one line."""
    (tmp_path / "course").write_text("a file")
    with pytest.raises(CourseError, match=r"course cannot be written: (File exists|Not a directory)$"):
        write(plan, tmp_path / "course")


# -- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(ROOT)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["nbgrader", "course", *arguments])
        return code, *capsys.readouterr()

    return run


def test_the_command_says_what_it_wrote_and_what_comes_next(command: Callable[..., Any], tmp_path: Path) -> None:
    """One assignment for each exercise, or one for all."""
    code, out, err = command(str(tmp_path / "a"), "--exercise", "03", "35")
    assert (code, err) == (0, "")
    first, second, last = out.splitlines()
    assert re.fullmatch(r"03_gather_weather +\d+ points, \d+ of them for hidden checks", first)
    assert re.fullmatch(r"35_when_not_async +\d+ points", second)
    assert last == f"Next: cd {tmp_path / 'a'} && nbgrader generate_assignment 03_gather_weather"
    code, out, err = command(str(tmp_path / "a"), "--exercise", "03", "35", "--assignment", "week1")
    total = sum(int(line.split()[1]) for line in (first, second))
    assert re.fullmatch(rf"week1 +{total} points, \d+ of them for hidden checks, 2 notebooks", out.splitlines()[0])
    assert sorted(path.name for path in (tmp_path / "a" / "source").iterdir()) == [PLAIN.name, FILE.name, "week1"]


def test_an_unknown_exercise_is_told(command: Callable[..., Any], tmp_path: Path) -> None:
    """Nothing is written."""
    code, out, err = command(str(tmp_path / "a"), "--exercise", "99")
    assert (code, out) == (2, "")
    assert err.startswith("onedelay: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "a").exists()


def test_two_exercises_of_one_name_are_one(command: Callable[..., Any], tmp_path: Path) -> None:
    """Whatever they are called by."""
    code, out, _ = command(str(tmp_path / "a"), "--exercise", "03", PLAIN.name)
    assert (code, out.count("points")) == (0, 1)
