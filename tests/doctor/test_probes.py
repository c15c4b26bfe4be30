"""Each probe says what is the case, in places made for it."""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader import shipped
from grader.complaint import Complaint
from grader.doctor import child, folder, installation, isolation, surroundings
from grader.doctor.finding import Place, State
from grader.exercise import Exercise, exercises_in
from grader.learning.workspace import create


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A workspace with two exercises, which is the current folder."""
    names = [exercise.name for exercise in exercises_in(shipped.exercises_folder())][:2]
    create(tmp_path / "work", names)
    monkeypatch.chdir(tmp_path / "work")
    return folder.place_here()


# -- the installation ------------------------------------------------------------------------------------------


def test_the_interpreter_and_the_packages_of_this_run_are_fine(place: Place) -> None:
    """These tests run with them."""
    assert installation.python(place)[0] is State.WORKS
    assert installation.packages(place)[0] is State.WORKS
    assert "exercises" in installation.onedelay(place)[1]


def test_a_version_too_old_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the one that is wanted."""
    monkeypatch.setattr(installation, "_needed", lambda: {"pytest": "99.1", "no-such-package": "1"})
    state, seen, advice = installation.packages(place)
    assert state is State.BROKEN and "is older than 99.1" in seen and "no-such-package is missing" in seen
    assert "pip install" in advice


def test_a_program_of_another_environment_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell starts for `pytest` may belong to another Python."""
    program = place.root / "pytest"
    program.write_text("#!/bin/sh\n", "ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(place.root))
    state, seen, advice = installation.command(place)
    assert (state, bool(advice)) == (State.ABSENT, True)
    assert f"`pytest` is that of {place.root}" in seen and "finds no `onedelay`" in seen


def test_an_extra_that_is_missing_says_whom_it_is_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to install it; one that is broken says why."""
    monkeypatch.setitem(installation._EXTRAS, "dask", ("for large classes", ("no_such_module", "broken_module")))
    (place.root / "broken_module.py").write_text("1 / 0\n", "ascii")
    monkeypatch.setenv("PYTHONPATH", str(place.root))
    state, seen, advice = installation.dask(place)
    assert (state, advice) == (State.ABSENT, "pip install 'onedelay[dask]'")
    assert seen == "no_such_module, broken_module (ZeroDivisionError: division by zero): for large classes"


# -- the folder ------------------------------------------------------------------------------------------------


def test_a_fresh_workspace_is_fine(place: Place) -> None:
    """It is found from below too, it can be written to, and looking at it leaves nothing behind."""
    before = sorted(place.root.rglob("*"))
    assert folder.workspace(place)[0] is folder.progress(place)[0] is State.WORKS
    assert folder.hidden_modules(place)[0] is State.WORKS
    assert sorted(place.root.rglob("*")) == before


def test_no_workspace_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to make one; what can be tried is tried with the exercises of the installation."""
    monkeypatch.chdir(tmp_path)
    found = folder.place_here()
    assert folder.workspace(found)[0] is State.ABSENT and "onedelay start" in folder.workspace(found)[1]
    assert found.root == shipped.exercises_folder().parent


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": 99, "version": "9.0", "given": {}, "chosen": null}', "newer"),
        ("{", "is damaged"),
        ("[]", "damaged"),
    ],
)
def test_a_workspace_of_a_newer_version_or_a_damaged_one_is_not(place: Place, text: str, words: str) -> None:
    """What is wrong with it is said in a line."""
    (place.root / ".onedelay" / "workspace.json").write_text(text, "ascii")
    state, seen, _ = folder.workspace(folder.place_here())
    assert state is State.BROKEN and words in seen


def test_a_folder_that_cannot_be_written_is_named(place: Place) -> None:
    """Here `exercises` is a file, which not even root can write into."""
    (place.root / "exercises").rename(place.root / "elsewhere")
    (place.root / "exercises").write_text("", "ascii")
    state, seen, _ = folder.workspace(place)
    assert state is State.BROKEN and "cannot be written: Not a directory" in seen


def test_progress_counts_what_is_readable(place: Place) -> None:
    """Lines that say nothing are counted apart; a folder in the file's place is a fault."""
    assert place.workspace is not None
    name = place.workspace.exercises[0].name
    place.workspace.progress.note(name, "passed")
    with place.workspace.progress.file.open("a", encoding="utf-8") as file:
        file.write("what is this\n")
    state, seen, _ = folder.progress(place)
    assert state is State.WORKS and "1 events, 1 of 2 exercises passed" in seen and "1 lines" in seen
    place.workspace.progress.file.unlink()
    place.workspace.progress.file.mkdir()
    assert folder.progress(place)[0] is State.BROKEN


def test_a_file_called_like_a_module_is_named(place: Place) -> None:
    """A program beside it would import it in that module's place."""
    (place.root / "asyncio.py").write_text("", "ascii")
    state, seen, advice = folder.hidden_modules(place)
    assert (state, advice) == (State.BROKEN, "rename it") and str(place.root / "asyncio.py") in seen


def test_what_exercises_ask_for_is_read_from_their_tests(tmp_path: Path) -> None:
    """By importorskip, or by find_spec, under any name; a test that cannot be parsed asks for nothing."""
    exercise = tmp_path / "01_some_thing"
    exercise.mkdir()
    test = exercise / "test_some_thing.py"
    test.write_text('pytest.importorskip("alpha")\nfind_spec("beta")\nimportlib.util.find_spec(name)\n', "ascii")
    assert folder.asked_for(Exercise(exercise)) == {"alpha", "beta"}
    test.write_text("def\n", "ascii")
    assert folder.asked_for(Exercise(exercise)) == set()


def test_exercises_whose_packages_are_missing_are_named(place: Place) -> None:
    """By their numbers, with what to install; those that need nothing are not."""
    assert folder.exercises(place)[0] is State.WORKS
    assert place.workspace is not None
    exercise = place.workspace.exercises[1]
    with exercise.test.open("a", encoding="utf-8") as file:
        file.write('\npytest.importorskip("no_such_module")\n')
    state, seen, advice = folder.exercises(place)
    assert (state, advice) == (State.ABSENT, "pip install 'onedelay[exercises]'")
    assert f"no_such_module (for {exercise.number})" in seen


# -- the surroundings ------------------------------------------------------------------------------------------


def test_no_terminal_is_no_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how wide it is and why there are no colours."""
    monkeypatch.setenv("COLUMNS", "77")
    monkeypatch.setenv("NO_COLOR", "1")
    state, seen, _ = surroundings.terminal(place)
    assert state is State.ABSENT and "77 columns" in seen and "no colours (NO_COLOR is set)" in seen


def test_a_coarse_clock_is_a_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of a fifth of a second could not be told apart with it."""
    assert surroundings.clock(place)[0] is State.WORKS
    coarse = SimpleNamespace(resolution=0.05)
    monkeypatch.setattr(time, "get_clock_info", lambda _: coarse)
    assert surroundings.clock(place)[:2] == (
        State.BROKEN,
        "steps of 50 ms, too coarse for what is judged on the real clock",
    )


def test_events_of_files_are_tried(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none arrives it says what `watch` does instead; nothing is left in the workspace."""
    pytest.importorskip("watchfiles")
    before = sorted(place.root.rglob("*"))
    monkeypatch.setattr(surroundings, "told_after", lambda *_: None)
    assert "again and again" in surroundings.watching(place)[1]
    monkeypatch.undo()
    monkeypatch.chdir(place.root)
    monkeypatch.delenv("WATCHFILES_FORCE_POLLING", raising=False)
    state, seen, _ = surroundings.watching(place)
    assert (state is State.WORKS) == ("events arrive" in seen)
    assert sorted(place.root.rglob("*")) == before


def test_completion_is_found_where_shells_look(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its file or in the shell's own start file; otherwise it says how to get it."""
    monkeypatch.setenv("HOME", str(place.root))
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert surroundings.completion(place)[2] == "`onedelay completion zsh` says how"
    (place.root / ".zshrc").write_text('eval "$(onedelay completion zsh)"\n', "ascii")
    assert surroundings.completion(place)[0] is State.WORKS
    monkeypatch.setenv("SHELL", "/bin/ash")
    assert "not made for ash" in surroundings.completion(place)[1]


# -- what is tried in a process of its own ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(platform.system() != "Linux", reason="looks for a process in /proc")
def test_what_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """And is told as a limit."""
    sleeping = "[sys.executable, '-c', 'import time; time.sleep(60)']"
    program = f"import subprocess, sys, time; started = subprocess.Popen({sleeping}); "
    program += "open('pid', 'w').write(str(started.pid)); time.sleep(60)"
    with pytest.raises(Complaint, match="gave no answer within 5 s"):
        child.ran([sys.executable, "-c", program], 5, tmp_path)
    state = Path("/proc", (tmp_path / "pid").read_text("ascii"), "stat")
    deadline = time.monotonic() + 10
    while state.exists() and ") Z " not in state.read_text("ascii"):  # a zombie has ended
        assert time.monotonic() < deadline, "it lives on"
        time.sleep(0.02)


def test_a_crash_in_it_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the last line that it wrote, without the name of an exception's module."""
    with pytest.raises(Complaint, match="^the judge of .* ended with 4: ERROR: file or directory not found"):
        child.answer(["judge", str(tmp_path), str(tmp_path / "none.py")], 60, tmp_path)
    monkeypatch.setattr(child, "PYTHON", (sys.executable, "-c", "import os; os._exit(7)"))
    with pytest.raises(Complaint, match="ended with 7, and said nothing"):
        child.answer(["import"], 60, tmp_path)


def test_isolation_tells_why_it_is_not_more(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what this system's settings suggest; elsewhere than on Linux it does not try."""
    found = {"level": "weak", "line": "", "why": ["full: no namespaces", "strong: needs root"]}
    monkeypatch.setattr(isolation, "answer", lambda *_: json.loads(json.dumps(found)))
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(isolation, "_read", lambda path: "0" if path.endswith("userns_clone") else "")
    state, seen, advice = isolation.level(place)
    assert state is State.ABSENT and seen.endswith("full: no namespaces; strong: needs root")
    assert "kernel.unprivileged_userns_clone=1" in advice
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert "Darwin" in isolation.level(place)[1]


@pytest.mark.slow
def test_isolation_is_measured_as_for_grading(place: Place) -> None:
    """Whatever this machine gives, it is one of the levels."""
    state, seen, _ = isolation.level(place)
    assert "escapes were blocked" in seen if state is State.WORKS else seen.split()[0] in {"strong", "weak", "none"}
