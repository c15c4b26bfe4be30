"""What authors of exercises use: a scaffold whose truths run, the truths themselves, and what is generated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring import readmes
from grader.cli import main
from grader.exercise import Exercise, exercises_in

ROOT = Path(__file__).parents[2]


def onedelay(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in *folder*."""
    command = [sys.executable, "-m", "grader.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_a_new_exercise_works_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`onedelay new` makes an exercise whose three truths hold, and whose README gets its picture."""
    known = tmp_path / "exercises" / "01_first"
    known.mkdir(parents=True)
    (known / "test_first.py").write_text('FUNCTIONS = {"f": "async"}\n', "utf-8")
    (known / "first.py").write_text('"""01 first: nothing."""\n', "utf-8")

    assert onedelay(tmp_path, "new", "42_feed_cats").returncode == 0
    verified = onedelay(tmp_path, "verify", "42")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "42_feed_cats" in verified.stdout
    assert "0 wrong" in verified.stdout
    assert onedelay(tmp_path, "refresh", "42").returncode == 0
    text = (tmp_path / "exercises" / "42_feed_cats" / "README.md").read_text("utf-8")
    assert "|--------------|  1 delay\nask 1  ################" in text
    assert onedelay(tmp_path, "refresh", "42", "--check").returncode == 0

    # A file with a wrong name is found.
    rejected = tmp_path / "solutions" / "42_feed_cats" / "rejected"
    (rejected / "wrong-order.py").rename(rejected / "ran-in-batches.py")
    again = onedelay(tmp_path, "verify", "42")
    assert again.returncode == 1
    assert "rejected/ran-in-batches.py: expected ran-in-batches at line 8; seen wrong-order at line 8" in again.stdout


@pytest.mark.parametrize("name", ["feed_cats", "3_feed_cats", "03_other", "42_count_async", "42_Feed"])
def test_a_name_that_cannot_be(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of another form, or one that is taken, is refused in one line, and nothing is written."""
    monkeypatch.chdir(ROOT)
    assert main(["new", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (ROOT / "exercises" / name).exists()


def test_the_index_is_fresh() -> None:
    """exercises/README.md is what `onedelay refresh` writes."""
    exercises = exercises_in(ROOT / "exercises")
    assert (ROOT / "exercises" / "README.md").read_text("utf-8") == readmes.index(exercises)


@pytest.mark.parametrize("exercise", exercises_in(ROOT / "exercises"), ids=lambda exercise: exercise.name)
def test_pictures_are_fresh(exercise: Exercise) -> None:
    """A README's picture is the one of the reference's run today."""
    if not readmes.wants_picture(exercise):
        pytest.skip("no stopwatch in this exercise")
    text, steady = readmes.with_picture(exercise)
    old = (exercise.folder / "README.md").read_text("utf-8")
    assert old == text if steady else readmes.has_picture(old)
