"""The three truths of every exercise: the stub is not started, right files pass, rejected ones fail as named."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.exercise import Exercise, exercises_in

ROOT = Path(__file__).parents[2]
EXERCISES = exercises_in(ROOT / "exercises")
MARK = "# <-- here"


def grade(exercise: Exercise, files: list[Path], folder: Path, *options: str) -> dict[str, Any]:
    """Return the report of *files*, by path, from one run of pytest as a user would make it."""
    report = folder / "report.json"
    given = [f"--submission={file}" for file in files]
    command = [sys.executable, "-m", "pytest", str(exercise.folder), *given, f"--report=json={report}", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert report.is_file(), run.stdout[-3000:] + run.stderr[-3000:]
    found = json.loads(report.read_text("utf-8"))["exercises"]
    return {item["submission"]: item for item in found}


def rejected(exercise: Exercise) -> list[Path]:
    """Return the known wrong files of an exercise."""
    return sorted((exercise.solutions / "rejected").glob("*.py"))


def right(exercise: Exercise) -> list[Path]:
    """Return the reference and the other right files of an exercise."""
    return [exercise.solutions / exercise.stub.name, *sorted((exercise.solutions / "accepted").glob("*.py"))]


def marked(file: Path) -> list[int | None]:
    """Return the lines that carry the mark."""
    return [number for number, text in enumerate(file.read_text("utf-8").splitlines(), 1) if MARK in text]


def by_name(exercise: Exercise) -> str:
    """Name a test after its exercise."""
    return exercise.name


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_stub_is_not_started(exercise: Exercise, tmp_path: Path) -> None:
    """The untouched stub fails as not started, at a line of its own."""
    verdict = grade(exercise, [exercise.stub], tmp_path)[str(exercise.stub)]
    assert (verdict["outcome"], verdict["diagnosis"]["code"], verdict["earned"]) == ("FAIL", "not-started", 0)
    assert "NotImplementedError" in verdict["diagnosis"]["text"]


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_right_files_pass(exercise: Exercise, tmp_path: Path) -> None:
    """The reference and every accepted file earn all points, on both clocks."""
    verdicts = grade(exercise, right(exercise), tmp_path)
    assert len(verdicts) == len(right(exercise)) > 1
    failed = {path: v["diagnosis"] or v["checks"] for path, v in verdicts.items() if v["outcome"] != "PASS"}
    assert not failed
    assert all(verdict["earned"] == verdict["points"] > 0 for verdict in verdicts.values())


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_rejected_files_fail_as_named(exercise: Exercise, tmp_path: Path) -> None:
    """Every rejected file fails with the diagnosis that its name says, at the line that its comment marks."""
    verdicts = grade(exercise, rejected(exercise), tmp_path)
    assert len(verdicts) == len(rejected(exercise)) > 1
    wrong = []
    for file in rejected(exercise):
        verdict = verdicts[str(file)]
        found = verdict["diagnosis"] or {"code": verdict["outcome"], "line": None}
        code, lines = file.name.partition(".")[0], marked(file) or [None]
        if verdict["outcome"] != "FAIL" or found["code"] != code or [found["line"]] != lines:
            wrong.append(f"{file.name}: {verdict['outcome']} {found['code']} at line {found['line']}, marked {lines}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_wrong_timing_fails_for_real(exercise: Exercise, tmp_path: Path) -> None:
    """A rejected file whose picture is drawn, since its time is wrong, fails on the real clock alone as well."""
    slow = [file for file in rejected(exercise) if re.match(r"ran-sequentially|awaited-too-early", file.name)]
    verdicts = grade(exercise, slow, tmp_path, "--clock=real") if slow else {}
    assert {path: v["outcome"] for path, v in verdicts.items()} == {str(file): "FAIL" for file in slow}


def test_grader_names_no_exercise() -> None:
    """Nothing in grader/ knows an exercise by name."""
    names = re.compile("|".join(rf"\b{exercise.slug}\b" for exercise in EXERCISES))
    found = [path.name for path in (ROOT / "grader").rglob("*.py") if names.search(path.read_text("utf-8"))]
    assert not found
