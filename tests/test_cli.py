"""The command line as a whole: what it loads, how it is misused, and terminals that can do little."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader import cli
from grader.cli import COMMANDS, LEARNERS, Command, main
from grader.exercise import Exercise
from grader.learning.workspace import Workspace, create
from grader.shipped import solution_files

EXERCISES = ["02_count_async", "03_gather_weather", "11_cook_dishes"]
HEAVY = {
    *("pytest", "_pytest", "httpx", "respx", "asyncio", "multiprocessing", "rich", "prompt_toolkit", "watchfiles"),
    *("jinja2", "nbgrader", "distributed", "tqdm", "yaml", "rapidfuzz", "shtab", "sphinx"),
    *("grader.judge", "grader.batch", "grader.candidate", "grader.plugin", "grader.diagnosis", "grader.notebook"),
    *("grader.tracing", "grader.doctor", "grader.packaging", "grader.authoring", "grader.learning.watch"),
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with three exercises, which is the current folder."""
    create(tmp_path / "work", EXERCISES)
    monkeypatch.chdir(tmp_path / "work")
    return Workspace(tmp_path / "work")


def onedelay(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, in the current folder."""
    command = [sys.executable, "-m", "grader.cli", *words]
    env = {**os.environ, **environment}
    return subprocess.run(
        command, env=env, capture_output=True, encoding="utf-8", errors="replace", timeout=120, check=False
    )


# -- what it loads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["list"], ["hint", "03"], ["next"], ["progress"], ["doctor", "--help"]])
def test_a_quick_command_loads_nothing_heavy(workspace: Workspace, words: list[str]) -> None:
    """Neither packages nor rooms that it has no use for: by these, not by time, it is held to be quick."""
    code = "import json, sys\nfrom grader.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
    code += "print(json.dumps(sorted(sys.modules)))"
    # What measures the coverage of child processes loads things of its own.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, env=env)
    loaded = json.loads(done.stdout.splitlines()[-1])
    allowed = {f"grader.{words[0]}"}  # a room of its own
    heavy = HEAVY - allowed
    assert [name for name in loaded if any(name == one or name.startswith(f"{one}.") for one in heavy)] == []


def test_a_command_loads_its_own_room_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The rooms of the others may be broken, or missing."""
    for name in set(COMMANDS) - {"list"}:
        monkeypatch.setitem(COMMANDS, name, Command("broken", "no.such.module", "none"))
    with pytest.raises(SystemExit) as ended:
        main(["list", "--help"])
    assert ended.value.code == 0 and "usage: onedelay list" in capsys.readouterr().out


# -- help ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which fits 80 columns."""
    if command == "grade":
        pytest.importorskip("rapidfuzz", reason="pip install 'onedelay[grade]'")
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0 and f"usage: onedelay {command}" in text
    assert [line for line in text.splitlines() if len(line) > 80] == []


def test_without_arguments_it_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    """All commands with a line each, which fits 80 columns."""
    with pytest.raises(SystemExit) as ended:
        main([])
    text = capsys.readouterr().out
    assert ended.value.code == 0 and max(map(len, text.splitlines())) <= 80
    for name, command in COMMANDS.items():
        assert f"  {name:<11} {command.help}" in text
    assert "Exit codes" in text


# -- exit codes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"), [("chek", "check"), ("hnt", "hint"), ("Watch", "watch"), ("solutions", "solution")]
)
def test_an_unknown_command_suggests_the_nearest(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line, with exit code 2."""
    assert main([typed]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and f"`onedelay {meant}`" in said.err


def test_a_command_like_none_suggests_none(capsys: pytest.CaptureFixture[str]) -> None:
    """But says where they are listed."""
    assert main(["xyzzy"]) == 2
    assert capsys.readouterr().err == "onedelay: there is no command 'xyzzy': `onedelay --help` lists them\n"


@pytest.mark.parametrize("words", [["hint", "--no-such-option"], ["--no-such-option"], ["reset"], ["hint", "03", "x"]])
def test_wrong_usage_is_2(workspace: Workspace, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the command's usage."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2 and "usage: onedelay" in capsys.readouterr().err


def test_what_is_done_is_0_what_is_not_right_yet_is_1(workspace: Workspace) -> None:
    """For commands that look at the learner's work, and for those that do not."""
    assert main(["list"]) == main(["next"]) == main(["progress"]) == main(["hint", "03"]) == 0
    assert main(["solution", "03"]) == 1
    workspace.progress.note("03_gather_weather", "passed")
    assert main(["solution", "03"]) == 0


@pytest.mark.slow
def test_check_says_whether_it_is_right(workspace: Workspace) -> None:
    """0 right, 1 not yet, 2 for options that pytest does not know."""
    exercise = Exercise(workspace.root / "exercises" / "03_gather_weather")
    assert onedelay("check", "03").returncode == 1
    exercise.stub.write_bytes((solution_files(exercise.name) or {})[exercise.stub.name])
    assert onedelay("check", "03", "--clock=virtual").returncode == 0
    assert onedelay("check", "03", "--no-such-option").returncode == 2


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And says nothing."""

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(COMMANDS, "next", Command("next", "grader.learning.commands.overview", "next_exercise"))
    monkeypatch.setattr("grader.learning.commands.overview._next", interrupted)
    assert main(["next"]) == 130
    said = capsys.readouterr()
    assert said.out == said.err == ""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_ends_a_long_command_in_silence(workspace: Workspace) -> None:
    """Here the doctor, while it looks at something."""
    code = "import sys, time\nfrom grader import cli\nfrom grader.doctor import commands\n"
    code += "def look(_):\n    print('begun', flush=True)\n    time.sleep(60)\n"
    code += "commands.PROBES = (commands.Probe('sleep', look),)\nsys.exit(cli.main(['doctor']))"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline() == "begun\n"
        running.send_signal(signal.SIGINT)
        errors = running.stderr.read()
        code_of_it = running.wait(30)
    assert (code_of_it, errors) == (130, "")


@pytest.mark.skipif(os.name != "posix", reason="pipes that tell a writer")
@pytest.mark.parametrize("words", [["list"], ["--help"], ["hint", "--help"], ["hint", "03"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_seen_enough_is_no_fault(workspace: Workspace, words: list[str], unbuffered: str) -> None:
    """As with `onedelay list | head -1`: nothing is said, wherever the output was buffered."""
    reading, writing = os.pipe()
    os.close(reading)
    command, env = [sys.executable, "-m", "grader.cli", *words], {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(command, env=env, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


# -- terminals that can do little ------------------------------------------------------------------------------

# What is quick of the doctor's, in a process whose encoding is set from outside.
QUICK_DOCTOR = """\
import sys
from grader import cli
from grader.doctor import commands
commands.PROBES = commands.PROBES[:11]
sys.exit(cli.main(["doctor"]))
"""
SHOWN = [
    ["list"],
    ["next"],
    ["progress"],
    ["hint", "03", "3"],
    ["solution", "03", "--reveal"],
    ["solution", "02"],
    ["-h"],
]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_characters_that_a_console_lacks_cost_nothing(workspace: Workspace, encoding: str) -> None:
    """They are replaced, or others are drawn; no command fails for them."""
    for words in SHOWN:
        done = onedelay(*words, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert (done.returncode, done.stderr) == (1 if words == ["solution", "02"] else 0, ""), words
    command, env = [sys.executable, "-c", QUICK_DOCTOR], {**os.environ, "PYTHONIOENCODING": encoding}
    doctor = subprocess.run(command, env=env, capture_output=True, check=False)
    assert (doctor.returncode, doctor.stderr) == (0, b"")


@pytest.mark.parametrize("width", [60, 80])
def test_lines_fit_a_narrow_terminal(workspace: Workspace, width: int) -> None:
    """Save lines of code, which are not broken where they are shown as they stand in a hint."""
    for name in EXERCISES:
        workspace.progress.note(name, "hint", 3)
        workspace.progress.note(name, "revealed")
    for words in SHOWN[:-1]:
        done = onedelay(*words, COLUMNS=str(width))
        lines = [line for line in done.stdout.splitlines() if not (words[0] == "hint" and line.startswith("    "))]
        assert [line for line in lines if len(line) > width] == [], words


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_are_for_terminals_that_want_them(workspace: Workspace, variables: dict[str, str]) -> None:
    """On one, unless NO_COLOR is set or it is a dumb one; in a pipe there is none."""
    import pty

    workspace.progress.note("03_gather_weather", "passed")
    here, there = pty.openpty()
    env = {**os.environ, "TERM": "xterm", **variables}
    if not variables:
        env.pop("NO_COLOR", None)
    subprocess.run([sys.executable, "-m", "grader.cli", "list"], env=env, stdout=there, check=True)
    os.close(there)
    shown = os.read(here, 100_000)
    os.close(here)
    assert (b"\x1b[" in shown) == (not variables)
    assert "\x1b" not in onedelay("list").stdout


def test_the_learners_come_first_in_the_help() -> None:
    """Since most who look at it are learners."""
    assert list(COMMANDS)[: len(LEARNERS)] == list(LEARNERS) and list(cli.GROUPS)[0] == "learn"
