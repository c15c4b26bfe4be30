"""``onedelay grade``: what an instructor gets, and what is said when something is wrong with what they have."""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.batch import commands
from grader.cli import main
from grader.judge.isolation.level import CannotIsolateError, Level

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
CLASSIFY = SOLUTIONS / "01_classify_workloads" / "classify_workloads.py"
WRONG = min((SOLUTIONS / "01_classify_workloads" / "rejected").glob("*.py"))
HUNG = "def classify(job):\n    while True:\n        pass\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Two students, one of them right."""
    for name, file in {"ada": CLASSIFY, "ben": WRONG}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "classify_workloads.py").write_bytes(file.read_bytes())
    return tmp_path / "class"


@pytest.fixture
def grade(submissions: Path, tmp_path: Path) -> Run:
    """Run ``onedelay grade`` on the class, without a sandbox: it is our own code."""

    def run(*options: str, out: str = "out", **arguments: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grader.cli", "grade", str(submissions), "--out", str(tmp_path / out)]
        command += ["--isolation", "none", "--jobs", "1", *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **arguments)

    return run


def marks(tmp_path: Path, out: str = "out") -> dict[str, str]:
    with (tmp_path / out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["key"]: row["01_classify_workloads"] for row in csv.DictReader(file)}


def test_a_class_is_graded(grade: Run, tmp_path: Path) -> None:
    """Grades, page, data and feedback are there, and the terminal says what is most important."""
    run = grade("--seed", "7")
    assert run.returncode == 0, run.stderr
    first, last = run.stdout.splitlines()
    assert first.startswith("01_classify_workloads         1 of 2 pass; most often: ")
    assert last == f"{tmp_path / 'out' / 'index.html'} shows the class; beside it: grades.csv, class.json, feedback/"
    found = marks(tmp_path)
    assert float(found["ada"]) > float(found["ben"])
    assert "<title>" in (tmp_path / "out" / "index.html").read_text("utf-8")
    data = json.loads((tmp_path / "out" / "class.json").read_text("utf-8"))
    assert data["seed"] == 7
    assert data["isolation"] == "NONE"
    assert (tmp_path / "out" / "feedback" / "ben.md").read_text("utf-8").startswith("# ben")


def test_the_same_seed_gives_the_same_grades(grade: Run, tmp_path: Path) -> None:
    """Nothing but times of day and durations differs."""

    def told(out: str) -> Any:
        assert grade("--seed", "7", out=out).returncode == 0
        data = json.loads((tmp_path / out / "class.json").read_text("utf-8"))
        for student in data["students"]:
            for result in student["results"]:
                del result["seconds"]
        del data["date"]
        return data

    assert told("one") == told("two")


@pytest.mark.slow
def test_what_only_the_real_clock_shows_is_found_by_default(tmp_path: Path) -> None:
    """A program whose mistake is in its worker processes fails, and is told so; a right one has all points."""
    pytest.importorskip("PIL", reason="pip install -e '.[exercises]'")
    name, wrong = "32_resize_images", "memory-is-not-shared"
    for student, file in {"ada": "resize_images.py", "ben": f"rejected/{wrong}.py"}.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "resize_images.py").write_bytes((SOLUTIONS / name / file).read_bytes())
    options = ["--exercise", "32", "--isolation", "none", "--out", str(tmp_path / "out")]
    assert main(["grade", str(tmp_path / "class"), *options]) == 0
    data = json.loads((tmp_path / "out" / "class.json").read_text("utf-8"))
    (ada,), (ben,) = (student["results"] for student in data["students"])
    assert (ada["outcome"], ada["earned"]) == ("PASS", data["assignments"][0]["points"])
    assert (ben["outcome"], ben["verdict"]["diagnosis"]["code"]) == ("FAIL", wrong)


def test_only_the_exercises_that_were_handed_in_are_columns(grade: Run, tmp_path: Path) -> None:
    """The nineteen others were not asked for."""
    grade()
    data = json.loads((tmp_path / "out" / "class.json").read_text("utf-8"))
    assert [assignment["exercise"] for assignment in data["assignments"]] == ["01_classify_workloads"]


def test_an_unknown_exercise_is_refused(grade: Run) -> None:
    """In one line that names those there are."""
    run = grade("--exercise", "99")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "99 is no exercise; choose from the 20 that `onedelay list` names" in run.stderr


def test_a_folder_that_is_not_there_is_refused(grade: Run, submissions: Path) -> None:
    """In one line that names it."""
    submissions.rename(submissions.with_name("moved"))
    run = grade()
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert f"{submissions}: there is no such folder" in run.stderr


def test_an_unreadable_archive_costs_its_student_only(grade: Run, submissions: Path, tmp_path: Path) -> None:
    """It is named with what is wrong; the others have their grades."""
    (submissions / "cem.zip").write_bytes(b"PK\3\4 and then nothing")
    run = grade("--exercise", "01")
    assert run.returncode == 0
    assert "cem.zip: " in run.stderr
    assert float(marks(tmp_path)["ada"]) > 0


def test_two_submissions_of_one_student_are_told(grade: Run, submissions: Path) -> None:
    """Both are named."""
    with zipfile.ZipFile(submissions / "ada.zip", "w") as archive:
        archive.writestr("classify_workloads.py", WRONG.read_bytes())
    run = grade()
    assert run.returncode == 0
    (line,) = [line for line in run.stderr.splitlines() if "ada" in line]
    assert "ada.zip" in line
    assert "ada/classify_workloads.py" in line


def test_a_rostered_student_without_a_submission_is_told(grade: Run, tmp_path: Path) -> None:
    """They stand in the grades too."""
    (tmp_path / "roster.csv").write_text("key,name\nada,Ada Ferro\nben,Ben Okafor\nlucia,Lucía Romero\n", "utf-8")
    run = grade("--roster", str(tmp_path / "roster.csv"))
    assert "Lucía Romero: no submission of 01" in run.stderr
    assert marks(tmp_path)["lucia"] == "0"


def test_a_folder_that_cannot_be_written_moves_the_results(grade: Run) -> None:
    """Hours of grading do not end in a traceback: the line says why, and where they are."""
    run = grade(out="/proc/onedelay")
    assert run.returncode == 0, run.stderr
    (line,) = [line for line in run.stderr.splitlines() if line.startswith("/proc/onedelay cannot be written")]
    elsewhere = Path(line.rpartition("the results go to ")[2])
    assert (elsewhere / "grades.csv").is_file()
    for path in sorted(elsewhere.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    elsewhere.rmdir()


def test_a_full_disk_is_told_and_the_rest_is_graded(grade: Run, submissions: Path, tmp_path: Path) -> None:
    """What does not fit is named; the summary has every submission."""
    for number in range(30):
        (submissions / f"student{number:02}").mkdir()
        (submissions / f"student{number:02}" / "classify_workloads.py").write_bytes(WRONG.read_bytes())

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))

    # Without what measures coverage: it would have no room for its data either, and say so.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    run = grade(preexec_fn=little_room, env=env)
    assert run.returncode == 1
    assert "01_classify_workloads         1 of 32 pass" in run.stdout
    assert "results are in the reports only" in run.stderr
    assert "kept in memory" in run.stderr
    assert len(marks(tmp_path)) == 32
    assert "Traceback" not in run.stderr


def test_a_hang_costs_its_limit_and_holds_up_nobody(grade: Run, submissions: Path, tmp_path: Path) -> None:
    """It fails, and the others are graded meanwhile."""
    (submissions / "dan").mkdir()
    (submissions / "dan" / "classify_workloads.py").write_text(HUNG)
    run = grade("--limit", "2", "--jobs", "1")
    assert run.returncode == 0
    found = marks(tmp_path)
    assert float(found["dan"]) == 0
    assert float(found["ada"]) > 0


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (CannotIsolateError("bubblewrap is missing: install it"), "bubblewrap is missing: install it"),
        (
            Level.STRONG,
            "this machine gives strong: a candidate could see us; to grade with that, say --isolation strong",
        ),
    ],
    ids=["none can be had", "less is measured"],
)
def test_less_isolation_than_was_asked_for_is_refused(
    submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, found: Any, told: str
) -> None:
    """Nothing is graded, and one line says what there is."""

    def measured_here(_: Level, __: Path) -> Any:
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(level=found, line="isolation strong", missing="a candidate could see us")

    monkeypatch.setattr(commands, "measured_here", measured_here)
    monkeypatch.chdir(ROOT)
    assert main(["grade", str(submissions), "--out", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out" / "grades.csv").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--isolation", "total"], "isolation 'total': choose one of full, strong, weak, none"),
        (["--limit", "0"], "0: a check needs some time, in seconds"),
        (["--jobs", "0"], "0: at least 1 is needed"),
    ],
)
def test_an_option_without_sense_is_refused(grade: Run, options: list[str], told: str) -> None:
    """The last line says what would have sense."""
    run = grade(*options)
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].endswith(told)


def test_what_grading_needs_is_named_where_it_is_missing(submissions: Path) -> None:
    """In one line that says how to install it."""
    program = "import sys; sys.modules['jinja2'] = None; from grader.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "grade", str(submissions)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stderr == "onedelay: `grade` needs jinja2: pip install 'onedelay[grade]'\n"


def test_an_exchange_format_has_its_files_and_says_what_it_could_not_do(grade: Run, tmp_path: Path) -> None:
    """Five lines at most; the rest is in a file."""
    run = grade("--export", "canvas", "moodle", "junit", "gradescope", "exercism")
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "out" / "junit.xml").is_file()
    assert (tmp_path / "out" / "gradescope" / "ada" / "01_classify_workloads" / "results.json").is_file()
    assert (tmp_path / "out" / "exercism" / "ada" / "01_classify_workloads" / "results.json").is_file()
    assert any(line.startswith("canvas: ") for line in run.stdout.splitlines())
