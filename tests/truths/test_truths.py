"""The three truths of every exercise: the stub is not started, right files pass, rejected ones fail as named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.authoring import truths
from grader.exercise import Exercise, exercises_in

ROOT = Path(__file__).parents[2]
EXERCISES = exercises_in(ROOT / "exercises")


def by_name(exercise: Exercise) -> str:
    """Name a test after its exercise."""
    return exercise.name


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_three_truths(exercise: Exercise) -> None:
    """The stub is not started, each right file earns all points, each rejected one fails as named, where marked."""
    (found,) = truths.verify([exercise], 1)
    if found.skipped:
        pytest.skip(found.skipped)
    assert not found.wrong, "\n".join(f"{w.file.name}: expected {w.expected}; seen {w.seen}" for w in found.wrong)
    assert found.accepted > 1
    assert found.rejected > 1
    assert "no reason is given" not in found.unpointed.values()


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_wrong_timing_fails_for_real(exercise: Exercise) -> None:
    """A rejected file that takes its time fails on the real clock alone as well, unless it says why it cannot."""
    slow = [f for f in truths.rejected(exercise) if re.match(r"ran-sequentially|awaited-too-early", f.name)]
    slow = [file for file in slow if "# on the virtual clock only: " not in file.read_text("utf-8")]
    reports = truths.grade(exercise, slow, "--clock=real") if slow else {}
    if isinstance(reports, str):
        pytest.skip(reports)
    assert {file: report["outcome"] for file, report in reports.items()} == dict.fromkeys(slow, "FAIL")


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_confirmations_decide_nothing(exercise: Exercise) -> None:
    """Without the checks that only confirm, each rejected file fails all the same."""
    if "confirms=True" not in exercise.test.read_text("utf-8"):
        pytest.skip("all its checks decide")
    reports = truths.grade(exercise, truths.rejected(exercise), "--clock=decisive")
    if isinstance(reports, str):
        pytest.skip(reports)
    assert [file.name for file, report in reports.items() if report["outcome"] != "FAIL"] == []


def test_grader_names_no_exercise() -> None:
    """Nothing in grader/ knows an exercise by name."""
    names = re.compile("|".join(rf"\b{exercise.slug}\b" for exercise in EXERCISES))
    found = [path.name for path in (ROOT / "grader").rglob("*.py") if names.search(path.read_text("utf-8"))]
    assert not found
