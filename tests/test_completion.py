"""Shells complete commands, options, files, and the exercises of the folder above, with the script that is printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import cli, completion
from grader.cli import COMMANDS, Command, main

pytest.importorskip("shtab")
# Calls the function of completion as bash does, with what has been typed, and prints what it answers.
DRIVER = """\
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
"$(complete -p onedelay | sed 's/.*-F \\([^ ]*\\).*/\\1/')" && printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three exercises, and another folder below it; the scripts of all shells beside it."""
    root = tmp_path_factory.mktemp("completing")
    for name in ("02_count_async", "03_gather_weather", "30_web_endpoints"):
        (root / "home" / "exercises" / name).mkdir(parents=True)
    (root / "home" / "exercises" / "README.md").touch()
    (root / "home" / "my scripts").mkdir()
    for shell in completion.SHELLS:
        (root / shell).write_text(completion.script(shell), "utf-8")
    return root / "home"


def bash(folder: Path, *words: str) -> list[str]:
    program = shutil.which("bash")
    if program is None:
        pytest.skip("no bash on this machine")
    command = [program, "--norc", "-c", DRIVER, "bash", str(_script(folder, "bash")), "onedelay", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def fish(folder: Path, typed: str) -> list[str]:
    program = shutil.which("fish")
    if program is None:
        pytest.skip("no fish on this machine")
    code = f"source {_script(folder, 'fish')}; complete -C {typed!r}"
    done = subprocess.run([program, "--no-config", "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


def _script(folder: Path, shell: str) -> Path:
    return next(above / shell for above in folder.parents if (above / shell).is_file())


def test_commands_are_completed(folder: Path) -> None:
    """All of them, and those that begin as what was typed."""
    assert set(bash(folder, "")) == set(COMMANDS)
    assert bash(folder, "so") == ["solution"]


@pytest.mark.parametrize("command", ["check", "hint", "reset", "solution", "verify", "refresh"])
def test_exercises_are_completed(folder: Path, command: str) -> None:
    """By name; typed without its number, an exercise is completed without it."""
    assert bash(folder, command, "") == ["02_count_async", "03_gather_weather", "30_web_endpoints"]
    assert bash(folder, command, "3") == ["30_web_endpoints"]
    assert bash(folder, command, "gat") == ["gather_weather"]


def test_exercises_are_completed_from_below(folder: Path) -> None:
    """As the commands themselves find them, also in a folder whose name has a space."""
    for below in ("exercises/03_gather_weather", "my scripts"):
        assert bash(folder / below, "hint", "03") == ["03_gather_weather"]


def test_where_there_are_none_nothing_is_completed(tmp_path: Path, folder: Path) -> None:
    """Not even what a pattern would match."""
    shutil.copy(_script(folder, "bash"), tmp_path)
    (below := tmp_path / "empty").mkdir()
    assert bash(below, "check", "") == bash(below, "check", "*") == []


def test_options_are_completed(folder: Path) -> None:
    """And after them exercises again; an option's choices too."""
    assert "--reveal" in bash(folder, "solution", "--r")
    assert bash(folder, "solution", "--reveal", "02") == ["02_count_async"]
    assert bash(folder, "package", "gradescope", "--exercise", "02", "3") == ["30_web_endpoints"]
    assert bash(folder, "nbgrader", "course", "there", "--clock", "v") == ["virtual"]
    assert bash(folder, "completion", "") == list(completion.SHELLS)


def test_folders_and_files_are_completed(folder: Path) -> None:
    """Where a path is asked for."""
    assert bash(folder, "start", "exer") == ["exercises"]
    assert bash(folder, "progress", "--merge", "exercises/READ") == ["exercises/README.md"]


def test_fish_completes_the_same(folder: Path) -> None:
    """Commands, exercises, options."""
    assert fish(folder, "onedelay so") == ["solution"]
    assert fish(folder / "my scripts", "onedelay check 0") == ["02_count_async", "03_gather_weather"]
    assert "--reveal" in fish(folder, "onedelay solution 03 --")


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_the_shell_itself_can_read_it(folder: Path, shell: str) -> None:
    """It finds no mistake in the script."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} on this machine")
    done = subprocess.run([program, "-n", str(_script(folder, shell))], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_its_first_comment_says_how_to_install_it(folder: Path, shell: str) -> None:
    """In zsh below the line that has to be the first one; how shtab would have it is not said as well."""
    lines = _script(folder, shell).read_text("utf-8").splitlines()
    comment = [line for line in lines[:8] if line.startswith("# ")]
    assert "To install it" in comment[0] and any(f"onedelay completion {shell} >" in line for line in comment)
    assert (lines[0] == "#compdef onedelay") == (shell == "zsh")
    assert not any("1) Copy this" in line for line in lines)


def test_it_is_for_onedelay_whatever_started_it(folder: Path) -> None:
    """Also when it was printed by `python -m`."""
    command = [sys.executable, "-m", "grader.cli", "completion", "bash"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.decode() == _script(folder, "bash").read_text("utf-8")


def test_a_command_whose_packages_are_missing_is_completed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """And keeps no other from being completed."""
    monkeypatch.setitem(COMMANDS, "grade", Command("grade a class", "no_such_package.commands", "add_options"))
    text = completion.script("bash")
    assert "_shtab_onedelay_grade_option_strings=(-h --help)" in text
    assert "--reveal" in text


def test_without_shtab_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert capsys.readouterr().err == "onedelay: completion needs shtab: pip install shtab\n"


def test_a_shell_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that are."""
    with pytest.raises(SystemExit):
        cli.main(["completion", "tcsh"])
    assert "bash" in capsys.readouterr().err
