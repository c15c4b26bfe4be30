"""``onedelay run`` from outside: its options, its complaints, and Ctrl-C at a real terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from grader.cli import main
from grader.tracing.launch import Request

SLEEPS = "import asyncio, sys\nprint(sys.argv[1:])\nasyncio.run(asyncio.sleep(1))\n"
FOREVER = """
import asyncio
async def tick():
    print("started", flush=True)
    while True:
        await asyncio.sleep(0.1)
asyncio.run(tick())
"""
STUBBORN = """
import asyncio
async def tick():
    print("started", flush=True)
    while True:
        try:
            await asyncio.sleep(0.1)
        except BaseException:
            print("caught", flush=True)
asyncio.run(tick())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "program.py").write_text(SLEEPS)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "theirs"),
    [
        (["--virtual", "program.py"], []),
        (["program.py", "--virtual"], []),
        (["program.py", "--virtual", "--limit", "9", "a", "--limit", "b"], ["a", "--limit", "b"]),
        (["--virtual", "program.py", "a", "--virtual"], ["a", "--virtual"]),
        (["program.py", "--limit=9", "--virtual", "-x"], ["-x"]),
    ],
)
def test_options_stand_around_the_file_and_the_rest_is_the_scripts(
    folder: Path, given: list[str], theirs: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *given]) == 0
    assert capfd.readouterr().out.startswith(f"{theirs}\n\nprogram.py   virtual clock\n")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["nowhere.py"], "there is no file nowhere.py: name a Python script, such as `onedelay run main.py`"),
        (["."], ". is a folder: name a script in it, such as main.py"),
        (["program.py", "--svg", "no/where.svg"], "there is no folder no to write where.svg into"),
        (["program.py", "--html", "."], ". is a folder: name a file to write the picture into"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    folder: Path, given: list[str], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *given]) == 2
    seen = capfd.readouterr()
    assert (seen.out, seen.err) == ("", f"onedelay: {told}\n")


@pytest.mark.parametrize("limit", ["0", "-1", "inf", "nan", "soon"])
def test_a_limit_is_a_number_of_seconds(folder: Path, limit: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "program.py", "--limit", limit])
    assert ended.value.code == 2
    assert "--limit" in capfd.readouterr().err


def test_pictures_are_written_where_they_are_asked_for(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "program.py", "--virtual", "--svg", "a.svg", "--html", "b.html"]) == 0
    assert (folder / "a.svg").read_text("utf-8").startswith("<svg")
    assert "<html" in (folder / "b.html").read_text("utf-8")
    assert capfd.readouterr().out.endswith("Written: a.svg\nWritten: b.html\n")


def test_the_scripts_exit_code_is_the_commands(folder: Path) -> None:
    (folder / "program.py").write_text("raise SystemExit(5)")
    assert main(["run", "program.py"]) == 5


def test_the_virtual_clock_has_a_limit_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def refuse(request: Request) -> None:
        asked.append(request)
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.tracing.launch.started", refuse)
    for given in (["program.py"], ["program.py", "--virtual"], ["program.py", "--virtual", "--limit", "5"]):
        main(["run", *given])
    assert [request.limit for request in asked] == [None, 60.0, 5.0]


def test_without_a_terminal_there_are_no_colours(folder: Path) -> None:
    seen = subprocess.run(
        [sys.executable, "-m", "grader.cli", "run", "program.py", "--virtual"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b" not in seen.stdout


def at_terminal(program: str, folder: Path, *keys: str) -> tuple[str, int | None]:
    """Return what a terminal shows of a program that is told *keys* once it has started, and the exit code."""
    (folder / "program.py").write_text(program)
    command = ["-m", "grader.cli", "run", "program.py"]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=30, dimensions=(40, 90))
    child.expect("started")
    shown = ""
    for key in keys:
        child.sendintr()
        if key:
            child.expect(key)
            shown += child.before + child.after
    child.expect(pexpect.EOF)
    child.close()
    return shown + child.before, child.exitstatus


def test_ctrl_c_ends_the_script_and_shows_the_timeline_so_far(folder: Path) -> None:
    shown, code = at_terminal(FOREVER, folder, "")
    assert code == 130
    assert "Traceback" not in shown
    assert "Stopped with Ctrl-C while these waited: tick() at line 6." in shown
    assert "1 task in" in shown


def test_a_script_that_ignores_ctrl_c_is_stopped_by_the_second(folder: Path) -> None:
    shown, code = at_terminal(STUBBORN, folder, "Ctrl-C once more stops it", "")
    assert code == 130
    assert "caught" in shown
    assert "Stopped with Ctrl-C" in shown
