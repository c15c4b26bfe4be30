"""`onedelay watch` goes on, or ends in order, whatever happens to its files, its programs or its terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="needs a pseudo-terminal, and /proc to see what is left"
)

Watching = Callable[..., Any]
ONE_AFTER_ANOTHER = "ran one after another"


def test_a_hang_freezes_nothing(watching: Watching, file: Any) -> None:
    """While it judges it says for how long; other keys do nothing, and q leaves at once and leaves nothing behind."""
    file.save(file.hangs)
    screen = watching("03")
    screen.wait_for("judging", "2 s")
    screen.press("hlsrc?n")
    assert "Hint" not in screen.settle(1)
    assert "judging" in screen.text
    screen.press("q")
    assert screen.ended(8) == 0  # a check has 10 s, and there are two
    assert screen.left() == {}
    assert list(screen.temp.iterdir()) == []


def test_a_save_during_a_hang_is_judged_at_once(watching: Watching, file: Any) -> None:
    """The judgement of a program that hangs ends as soon as there is another one."""
    file.save(file.hangs)
    screen = watching("03")
    screen.wait_for("judging", "1 s")
    file.save(file.wrong)
    screen.wait_for(ONE_AFTER_ANOTHER, patience=15)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os\nos._exit(3)\n", "exit code 3"),
        ("async def fetch_weather(cities, base_url)\n    pass\n", "SyntaxError"),
        ("import ctypes\nctypes.string_at(0)\n", "SIGSEGV"),
        ("#" * 2_000_000, "larger than 1 MB"),
        ("", "is empty"),
    ],
    ids=["os._exit", "a syntax error", "a crash", "a huge file", "nothing"],
)
def test_whatever_is_saved_it_goes_on(watching: Watching, file: Any, code: str, words: str) -> None:
    """What is wrong is said in a line, and the next save is judged."""
    screen = watching("03")
    screen.wait_for("not started")
    file.save(code)
    screen.wait_for(words)
    file.save(file.wrong)
    screen.wait_for(ONE_AFTER_ANOTHER)


def test_bytes_that_are_no_text_are_judged_as_any_file(watching: Watching, file: Any) -> None:
    """A file in another encoding, or in none, ends nothing."""
    screen = watching("03")
    screen.wait_for("not started")
    file.path.write_bytes(b"\xff\xfe\x00")
    screen.wait_for("✗")
    file.save(file.wrong)
    screen.wait_for(ONE_AFTER_ANOTHER)


@pytest.mark.slow
def test_a_flood_of_output_is_shown_in_part(watching: Watching, file: Any) -> None:
    """A hundred megabytes, over all checks, are judged; the first lines are on the screen."""
    file.save('for _ in range(200_000):\n    print("x" * 100)\n' + file.wrong)
    screen = watching("03", size=(100, 60))
    screen.wait_for("points", "printed in", "| xxxxxx", patience=200)
    screen.press("q")
    assert screen.ended() == 0


def test_a_file_that_is_deleted_comes_back(watching: Watching, file: Any) -> None:
    """It says so while it is gone, and judges it when it is back; r gives a fresh one."""
    file.save(file.wrong)
    screen = watching("03")
    screen.wait_for(ONE_AFTER_ANOTHER)
    file.path.unlink()
    screen.wait_for("gather_weather.py is not here any more")
    file.save(file.wrong)
    screen.wait_for(ONE_AFTER_ANOTHER)
    file.path.unlink()
    screen.wait_for("not here any more")
    screen.press("r")
    screen.wait_for("Put gather_weather.py back")
    screen.press("y")
    screen.wait_for("not started")


def test_a_workspace_that_is_renamed_comes_back(watching: Watching, file: Any, folder: Path) -> None:
    """It says so, goes on once it is back, and makes nothing in its place."""
    file.save(file.wrong)
    screen = watching("03")
    screen.wait_for(ONE_AFTER_ANOTHER)
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    screen.wait_for("is not here any more; once it is back")
    screen.press("h")
    screen.wait_for("progress is not saved")
    assert not folder.exists()
    elsewhere.rename(folder)
    screen.wait_for(ONE_AFTER_ANOTHER)


def test_progress_that_cannot_be_written_is_a_line(watching: Watching, file: Any, folder: Path) -> None:
    """It goes on, and knows what has passed for as long as it is open."""
    (folder / "progress.txt").mkdir()
    file.save(file.right)
    screen = watching("03")
    screen.wait_for("progress is not saved", "Done. n: on to 04", "1 of 3 done")
    screen.press("n")
    screen.wait_for("04 predict_the_clock", "not started")


def test_two_of_them_do_not_disturb_each_other(watching: Watching, file: Any, folder: Path) -> None:
    """Both judge the same save, and it is noted once."""
    one, other = watching("03"), watching("03")
    for screen in (one, other):
        screen.wait_for("not started")
    file.save(file.right)
    for screen in (one, other):
        screen.wait_for("Done.", "1 of 3 done")
    assert (folder / "progress.txt").read_text().count("passed") == 1


def test_where_file_events_do_not_work_it_looks(watching: Watching, file: Any) -> None:
    """It says so on the screen, and sees saves all the same."""
    screen = watching("03", WATCHFILES_FORCE_POLLING="1")
    screen.wait_for("not started", "looking each 0.3 s, since file events do not work here")
    file.save(file.wrong)
    screen.wait_for(ONE_AFTER_ANOTHER)


def test_without_utf_8_or_colours_it_says_the_same(watching: Watching, file: Any) -> None:
    """In ASCII where the locale has no more, and without colours where NO_COLOR is set."""
    file.save(file.wrong)
    screen = watching(
        "03", LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="", NO_COLOR="1"
    )
    text = screen.wait_for(f"X  {ONE_AFTER_ANOTHER}", "#")
    assert text.isascii()
    assert b"\x1b[31" not in screen.said
    assert b"38;5" not in screen.said


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": ""}])
def test_a_terminal_that_can_draw_nothing_is_refused(watching: Watching, environment: dict[str, str]) -> None:
    """One line says what to use instead."""
    screen = watching(**environment)
    assert screen.ended() == 2
    assert "onedelay: watch needs a terminal; use onedelay check" in screen.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_can_be_killed_at_any_time(watching: Watching, file: Any, number: signal.Signals) -> None:
    """In the middle of a program that hangs it ends at once, and no process and no file is left."""
    file.save(file.hangs)
    screen = watching("03")
    screen.wait_for("judging", "1 s")
    os.kill(screen.process.pid, number)
    assert screen.ended(8) == 128 + number
    assert screen.left() == {}
    assert list(screen.temp.iterdir()) == []


def test_it_ends_with_its_terminal(watching: Watching, file: Any) -> None:
    """When the window is closed, nothing is left running."""
    file.save(file.hangs)
    screen = watching("03")
    screen.wait_for("judging", "1 s")
    screen.process.fileobj.close()
    screen.process.closed = True
    assert screen.left(8) == {}


def test_ctrl_c_and_ctrl_d_quit(watching: Watching, folder: Path) -> None:
    """As q does, with a line that says how far one is."""
    for key in "\x03\x04":
        screen = watching("03")
        screen.wait_for("not started")
        screen.press(key)
        assert screen.ended() == 0
        assert "0 of 3 done." in screen.text
        assert screen.left() == {}


def test_an_exercise_that_is_left_out_here_is_passed_by(watching: Watching, folder: Path) -> None:
    """It says why, and n goes on."""
    test = folder / "exercises" / "03_gather_weather" / "test_gather_weather.py"
    head, _, rest = test.read_text().partition("import pytest\n")
    skip = 'import pytest\n\npytest.importorskip("no_such_package", reason="needs more")\n'
    test.write_text(f"{head}{skip}{rest}")
    screen = watching("03")
    screen.wait_for("Left out on this machine", "pip install")
    screen.press("n")
    screen.wait_for("04 predict_the_clock", "not started")


def test_a_fault_of_the_grader_is_told_as_one(watching: Watching, folder: Path, file: Any) -> None:
    """It is not the learner's, and nothing is noted."""
    (folder / "conftest.py").write_text("import os\nos._exit(7)\n")
    (folder / "exercises" / "conftest.py").write_text("import os\nos._exit(7)\n")
    file.save(file.wrong)
    screen = watching("03")
    screen.wait_for("the grader failed, not you", "ended with 7")
    assert not (folder / "progress.txt").exists()
    for path in (folder / "conftest.py", folder / "exercises" / "conftest.py"):
        path.unlink()
    screen.press("\r")
    screen.wait_for(ONE_AFTER_ANOTHER)
