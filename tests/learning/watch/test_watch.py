"""`onedelay watch` as a learner meets it: in a real pseudo-terminal, with a real judge."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="needs a pseudo-terminal, and /proc to see what is left"
)

Watching = Callable[..., Any]
ONE_AFTER_ANOTHER = "ran one after another"


def progress(folder: Path) -> str:
    file = folder / "progress.txt"
    return file.read_text() if file.exists() else ""


def noted(folder: Path, words: str) -> bool:
    deadline = time.monotonic() + 10
    while words not in " ".join(progress(folder).split()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_the_first_screen_says_what_to_do(watching: Watching) -> None:
    """It opens the exercise that comes next, says where the task and the file are, and which keys there are."""
    screen = watching()
    screen.wait_for(
        "02 count_async",
        "0 of 3 done",
        "not started",
        "exercises/02_count_async/README.md",
        "exercises/02_count_async/count_async.py",
        "n next",
        "q quit",
    )


def test_from_the_first_failure_to_the_next_exercise(watching: Watching, file: Any, folder: Path) -> None:
    """A save is judged, the timeline drawn; a right one is confirmed for real and noted; only n goes on."""
    screen = watching("03")
    screen.wait_for("not started")
    assert "tried" not in progress(folder)
    file.save(file.wrong)
    screen.wait_for(ONE_AFTER_ANOTHER, "yours  #1", "ideal  #1", "delays")
    assert noted(folder, "03_gather_weather tried")
    screen.press("n")
    screen.wait_for("n goes on once 03 passes")
    file.save(file.right)
    screen.wait_for("now for real")
    text = screen.wait_for("Done. n: on to 04", "1 of 3 done", "yours  #1")
    assert "03 gather_weather" in text
    assert noted(folder, "03_gather_weather passed")
    screen.press("n")
    screen.wait_for("04 predict_the_clock", "not started")


def test_hints_come_one_at_a_time(watching: Watching, folder: Path) -> None:
    """Each h shows one more, the earlier ones stay, and the progress says so."""
    screen = watching("03", size=(80, 50))
    screen.wait_for("not started")
    screen.press("h")
    assert "Hint 2" not in screen.wait_for("Hint 1 of 3")
    assert noted(folder, "03_gather_weather hint 1")
    screen.press("hh")
    screen.wait_for("Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3")
    screen.press("h")
    screen.wait_for("that was the last hint")


def test_hints_seen_before_come_back_first(watching: Watching, folder: Path) -> None:
    """In a later sitting h does not give away a further hint unasked."""
    (folder / "progress.txt").write_text("2026-11-25T12:00:00Z  03_gather_weather  hint 2\n")
    screen = watching("03", size=(80, 50))
    assert "Hint" not in screen.wait_for("not started")
    screen.press("h")
    assert "Hint 3" not in screen.wait_for("Hint 1 of 3", "Hint 2 of 3", "you have seen these before")


def test_the_list_filters_skips_and_jumps(watching: Watching, folder: Path) -> None:
    """It shows all exercises; / narrows it, s skips and takes it back, Enter goes there, Esc leaves."""
    screen = watching()
    screen.wait_for("not started")
    screen.press("l")
    screen.wait_for("> ", "02  count_async", "03  gather_weather", "04  predict_the_clock")
    screen.press("s")
    screen.wait_for("02 is skipped", "> - 02")
    assert noted(folder, "02_count_async skipped")
    screen.press("s")
    screen.wait_for("no longer skipped", ">   02")
    screen.press("\x1b")
    screen.wait_for("n next")
    screen.press("l/weath")
    assert "three counts" not in screen.wait_for("/weath", ">   03  gather_weather")
    screen.press("\r")
    screen.wait_for("03 gather_weather", "not started", "n next")


def test_a_reset_asks_first_and_keeps_a_copy(watching: Watching, file: Any, folder: Path) -> None:
    """n leaves the file as it is, y puts the given one back."""
    file.save(file.wrong)
    screen = watching("03")
    screen.wait_for(ONE_AFTER_ANOTHER)
    screen.press("r")
    screen.wait_for("Put gather_weather.py back as it was given?")
    screen.press("n")
    screen.wait_for("stays as it is")
    assert file.path.read_text() == file.wrong
    screen.press("r")
    screen.wait_for("Put gather_weather.py back")
    screen.press("y")
    screen.wait_for("not started")
    assert "NotImplementedError" in file.path.read_text()
    kept = list((folder / ".onedelay" / "backups").rglob("*.py"))
    assert [path.read_text() for path in kept] == [file.wrong]
    assert noted(folder, "03_gather_weather reset")


def test_the_solution_is_shown_after_success_only(watching: Watching, file: Any) -> None:
    """Before, s says how to see it all the same; afterwards it lies beside the learner's own."""
    screen = watching("03", size=(120, 40))
    screen.wait_for("not started")
    screen.press("s")
    screen.wait_for("onedelay solution 03 --reveal")
    file.save(file.right + "# mine\n")
    screen.wait_for("Done.")
    screen.press("s")
    screen.wait_for("yours: gather_weather.py", "ours", "another way")
    screen.press("\x1b[F")
    screen.wait_for("# mine")
    screen.press("\x1b")
    screen.wait_for("Done.")


def test_all_are_checked_one_after_another(watching: Watching, file: Any, folder: Path) -> None:
    """c judges each exercise's file, notes what passes, and sums up."""
    file.save(file.right)
    screen = watching("02")
    screen.wait_for("not started")
    screen.press("c")
    screen.wait_for("1 right, 2 not started", "✓ 03 gather_weather")
    assert noted(folder, "03_gather_weather passed")
    screen.press("\x1b")
    screen.wait_for("02 count_async", "1 of 3 done", "n next")


def test_a_prediction_lies_over_what_really_happens(watching: Watching, folder: Path, file: Any) -> None:
    """Where the learner predicts, the prediction is drawn."""
    right = Path(__file__).parents[3] / "solutions" / "04_predict_the_clock" / "rejected" / "added-up.py"
    (folder / "exercises" / "04_predict_the_clock" / "predict_the_clock.py").write_bytes(right.read_bytes())
    screen = watching("04")
    screen.wait_for("added up what overlaps", "you: ", "it took ")


def test_it_follows_the_size_of_the_terminal(watching: Watching, file: Any) -> None:
    """At any size, and at each change, the headline is on top and the keys are at the bottom."""
    file.save(file.wrong)
    screen = watching("03")
    screen.wait_for(ONE_AFTER_ANOTHER)
    for columns, rows in ((40, 10), (120, 40), (60, 20), (20, 5), (80, 24)):
        screen.resize(columns, rows)

        def filled(text: str, rows: int = rows) -> bool:
            lines = text.split("\n")
            return len(lines) == rows and lines[0].startswith(" 03 gather") and lines[-1].startswith(" n next")

        screen.until(filled, f"{columns} x {rows}")
    screen.wait_for(ONE_AFTER_ANOTHER)
