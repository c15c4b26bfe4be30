"""The learner's commands, run as a learner runs them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.learning.progress import PASSED, REVEALED, TRIED
from grader.learning.workspace import Workspace

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]

GATHER = "03_gather_weather"
SOLUTION = ROOT / "solutions" / GATHER / "gather_weather.py"
WRONG = ROOT / "solutions" / GATHER / "rejected" / "ran-sequentially.py"


def hand_in(workspace: Workspace, file: Path) -> None:
    shutil.copyfile(file, workspace.root / "exercises" / GATHER / "gather_weather.py")


def test_a_learner_starts(onedelay: Run, tmp_path: Path) -> None:
    """One command makes the folder and says what to type next; a second one overwrites nothing."""
    done = onedelay("start", "seat", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("Next: cd seat && onedelay watch")
    again = onedelay("start", "seat", cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


def test_pytest_works_in_a_workspace_and_is_noted(onedelay: Run, workspace: Workspace) -> None:
    """The stub is not started and nothing is noted; a wrong file is a try, the right one has passed."""
    log = workspace.progress
    done = onedelay("exercises/03", module="pytest")
    assert "not started" in done.stdout
    assert not log.read().events
    hand_in(workspace, WRONG)
    assert onedelay("exercises/03", "--clock", "virtual", module="pytest").returncode == 1
    assert [event.what for event in log.read().events] == [TRIED]
    hand_in(workspace, SOLUTION)
    assert onedelay("exercises/03", module="pytest").returncode == 0
    assert log.read().standing(GATHER).passed


@pytest.mark.parametrize(
    "options", [["--submission", str(SOLUTION)], ["-k", "order"], ["--in-process"]], ids=lambda value: value[0]
)
def test_what_says_nothing_of_the_learners_own_file_is_not_noted(
    onedelay: Run, workspace: Workspace, options: list[str]
) -> None:
    """Another file, some of the checks, or a run without a process of its own is no pass."""
    if options[0] != "--submission":
        hand_in(workspace, SOLUTION)
    done = onedelay("exercises/03", *options, module="pytest")
    assert done.returncode == 0, done.stdout
    assert not workspace.progress.read().events


def test_check_is_pytest(onedelay: Run, workspace: Workspace) -> None:
    """`check` judges as pytest does, takes its options, and says what comes next."""
    hand_in(workspace, SOLUTION)
    done = onedelay("check", "03", "-q")
    assert done.returncode == 0
    assert "all checks pass" in done.stdout
    assert done.stdout.splitlines()[-1] == "Next: onedelay solution 03 to compare, onedelay next to go on"
    assert onedelay("check", "02").returncode == 1
    every = onedelay("check", "--all")
    assert (every.returncode, every.stdout.count("not started")) == (1, 2)


def test_hints_come_one_at_a_time(onedelay: Run, workspace: Workspace) -> None:
    """Each call shows one more, the next without a number; when all were shown they are shown together."""
    heads = [line for _ in range(4) for line in onedelay("hint", "03").stdout.splitlines() if line.startswith("Hint")]
    assert [head[:11] for head in heads] == [f"Hint {n} of 3" for n in (1, 2, 3, 1, 2, 3)]
    assert workspace.progress.read().standing(GATHER).hints == 3
    assert "Hint 2 of 3" not in onedelay("hint", "03", "1").stdout


def test_without_a_number_the_current_one_is_meant(onedelay: Run) -> None:
    """`hint` and `check` take the exercise that comes next."""
    assert "Hint 1 of" in onedelay("hint").stdout
    assert "02 count_async" in onedelay("check").stdout
    assert onedelay("next").stdout.startswith("02 count_async: ")


def test_a_solution_is_shown_after_success(onedelay: Run, workspace: Workspace) -> None:
    """Before, one says how to see it; then theirs stands beside ours, and other ways are named."""
    hand_in(workspace, WRONG)
    refused = onedelay("solution", "03")
    assert refused.returncode == 1
    assert "asyncio.gather" not in refused.stdout
    workspace.progress.note(GATHER, PASSED)
    shown = onedelay("solution", "03")
    assert shown.returncode == 0
    assert "-             response = await client.get(" in shown.stdout
    assert "+         return await asyncio.gather(" in shown.stdout
    assert "other ways are accepted" in shown.stdout
    assert "task_group, accepted too" in onedelay("solution", "03", "--other", "task_group").stdout
    assert REVEALED not in [event.what for event in workspace.progress.read().events]


def test_a_solution_seen_before_success_is_noted(onedelay: Run, workspace: Workspace) -> None:
    """`--reveal` shows it and says so in the progress, also after the exercise has passed."""
    assert "asyncio.gather" in onedelay("solution", "03", "--reveal").stdout
    assert "solution seen before" in onedelay("progress").stdout
    workspace.progress.note(GATHER, PASSED)
    assert "solution seen before" in onedelay("progress").stdout


def test_texts_stand_beside_each_other_where_there_is_room(onedelay: Run, workspace: Workspace) -> None:
    """On a wide terminal theirs is left and ours right; nothing of a line is lost."""
    hand_in(workspace, WRONG)
    workspace.progress.note(GATHER, PASSED)
    wide = onedelay("solution", "03", COLUMNS="140").stdout
    assert all(len(line) <= 140 for line in wide.splitlines()[:-3])
    assert "yours: gather_weather.py" in wide.splitlines()[0]
    assert "ours" in wide.splitlines()[0][70:]
    (workspace.root / "exercises" / GATHER / "gather_weather.py").write_bytes(SOLUTION.read_bytes())
    assert onedelay("solution", "03").stdout.startswith("Yours is ours, line by line.")


def test_a_reset_asks_and_keeps(onedelay: Run, workspace: Workspace) -> None:
    """Without a terminal to ask on it wants --yes; then the file is the stub, and theirs is kept."""
    hand_in(workspace, WRONG)
    workspace.progress.note(GATHER, PASSED)
    asked = onedelay("reset", "03")
    assert (asked.returncode, asked.stderr) == (2, "onedelay: nobody to ask here: add --yes\n")
    done = onedelay("reset", "03", "--yes")
    kept = done.stdout.split("Yours: ")[1].strip()
    assert (workspace.root / kept).read_bytes() == WRONG.read_bytes()
    assert not workspace.progress.read().standing(GATHER).passed
    assert "not started" in onedelay("check", "03").stdout


def test_progress_travels(onedelay: Run, workspace: Workspace, tmp_path: Path) -> None:
    """What was done on another machine is added once."""
    other = tmp_path / "other.txt"
    other.write_text(f"2026-01-01T00:00:00Z  {GATHER}  passed\n", "utf-8")
    assert "1 of 1 events were new here." in onedelay("progress", "--merge", str(other)).stdout
    assert "0 of 1 events were new here." in onedelay("progress", "--merge", str(other)).stdout
    assert "1 of 3" in onedelay("progress").stdout
    assert onedelay("progress", "--merge", str(tmp_path / "none.txt")).returncode == 2
    assert onedelay("next").stdout.startswith("02 ")


def test_the_list_says_how_far_one_is(onedelay: Run, workspace: Workspace) -> None:
    """Each exercise has a sign, its subject fits the line, and a word chooses among them."""
    workspace.progress.note(GATHER, PASSED)
    workspace.progress.note("02_count_async", TRIED)
    lines = onedelay("list").stdout.splitlines()
    assert [line[:4] for line in lines] == ["· 02", "✓ 03", "  11"]
    assert all(len(line) <= 80 for line in lines)
    assert len(onedelay("list", "weather").stdout.splitlines()) == 1
    assert onedelay("list", "no such thing").returncode == 2


def test_when_all_is_done(onedelay: Run, workspace: Workspace) -> None:
    """The end of the course is said."""
    for exercise in workspace.exercises:
        workspace.progress.note(exercise.name, PASSED)
    assert onedelay("next").stdout == "All 3 exercises are done.\n"
    assert onedelay("check").returncode == 2
    assert "All are done." in onedelay("progress").stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_console_that_lacks_characters(onedelay: Run, workspace: Workspace, encoding: str) -> None:
    """Signs are replaced by plain ones."""
    workspace.progress.note(GATHER, PASSED)
    done = onedelay("list", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "ok 03" in done.stdout


def test_progress_that_cannot_be_saved_is_told_and_costs_nothing(onedelay: Run, workspace: Workspace) -> None:
    """The verdict and the hint are shown all the same."""
    hand_in(workspace, SOLUTION)
    (workspace.root / "progress.txt").mkdir()
    done = onedelay("exercises/03", module="pytest")
    assert done.returncode == 0
    assert "progress is not saved" in done.stdout
    hint = onedelay("hint", "03")
    assert hint.returncode == 0
    assert "Hint 1" in hint.stdout
    assert hint.stderr.count("\n") == 1
