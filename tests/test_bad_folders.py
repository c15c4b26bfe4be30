"""Commands in folders that are not as they should be: one clear line each, and no work is lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import main
from grader.learning.workspace import Workspace, create


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with three exercises, which is the current folder."""
    create(tmp_path / "work", ["02_count_async", "03_gather_weather", "11_cook_dishes"])
    monkeypatch.chdir(tmp_path / "work")
    return Workspace(tmp_path / "work")


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return the one line that is said of a command that cannot be done."""
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("onedelay: ") and said.err.count("\n") == 1
    return said.err


NEED_A_WORKSPACE = [["next"], ["progress"], ["update"], ["reset", "03", "--yes"], ["hint"], ["check"]]


@pytest.mark.parametrize("words", NEED_A_WORKSPACE)
def test_no_workspace_here(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says how to make one."""
    monkeypatch.chdir(tmp_path)
    assert "onedelay start" in complaint(capsys, *words)


@pytest.mark.parametrize("words", [["list"], ["hint", "03"], ["check", "03"], ["solution", "03"]])
def test_no_exercises_here(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What needs no workspace needs exercises; where to find some is said."""
    monkeypatch.chdir(tmp_path)
    assert "onedelay start" in complaint(capsys, *words)


@pytest.mark.parametrize("words", NEED_A_WORKSPACE)
def test_a_workspace_of_a_newer_version_is_left_alone(
    words: list[str], workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which one made it, and what to do."""
    (workspace.ours / "workspace.json").write_text(
        '{"format": 99, "version": "9.1", "chosen": null, "given": {}}', "ascii"
    )
    said = complaint(capsys, *words)
    assert "9.1" in said and "pip install --upgrade onedelay" in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": "x"}',
        '{"format": 1, "given": [], "chosen": 3}',
        "\xff",
        '{"format": "x", "given": {}, "chosen": null}',
    ],
)
def test_a_damaged_workspace_file_costs_nothing(
    text: str, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands go on, and no work is lost when an update writes it anew."""
    exercise = workspace.exercises[0]
    exercise.stub.write_text("mine = 1\n", "ascii")
    (workspace.ours / "workspace.json").write_text(text, "latin-1")
    assert main(["next"]) == main(["list"]) == main(["update"]) == main(["next"]) == 0
    assert exercise.stub.read_text("ascii") == "mine = 1\n"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["hint", "check", "solution", "reset"])
def test_an_unknown_exercise_names_those_there_are(
    command: str, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also for what no name begins with."""
    for name in ("99", "nothing", "03_other"):
        said = complaint(capsys, command, name)
        assert name in said and "03_gather_weather" in said


def test_an_ambiguous_exercise_names_those_it_may_be(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """And only those."""
    said = complaint(capsys, "hint", "c")
    assert "02_count_async" in said and "11_cook_dishes" in said and "03_gather_weather" not in said


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="no bubblewrap to show a folder read-only")
def test_a_read_only_workspace_gives_a_line_each(workspace: Workspace) -> None:
    """What only reads works; what would write says that it cannot, and why."""
    root = str(workspace.root)
    sandbox = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", root, root, "--"]
    if subprocess.run([*sandbox, "true"], capture_output=True, check=False).returncode:
        pytest.skip("bubblewrap may not mount here")
    for words, code in (
        (["list"], 0),
        (["next"], 0),
        (["hint", "03"], 0),
        (["reset", "03", "--yes"], 2),
        (["update"], 2),
    ):
        command = [*sandbox, sys.executable, "-m", "grader.cli", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code, words
        assert done.stderr.count("\n") == (words[0] not in {"list", "next"}), words
        assert "Read-only file system" in done.stderr or words[0] in {"list", "next"}
