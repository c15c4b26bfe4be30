"""Looks at the terminal, the shell, the clock and the file system's events. It knows no exercise."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from grader.doctor.finding import Place, State
from grader.reports.console import console
from grader.reports.rows import UNICODE

_NARROW: Final = 60
_COARSE: Final = 0.02  # seconds: the resolution from which on times of 0.2 s are judged by chance
_UNTIL_IT_WATCHES: Final = 0.2  # seconds
_PATIENCE: Final = 3.0  # seconds for an event of a file to arrive
_RC: Final = {
    "bash": (".bashrc", ".bash_profile", ".profile"),
    "zsh": (".zshrc",),
    "fish": (".config/fish/config.fish",),
}
_SCRIPTS: Final = {
    "bash": (".local/share/bash-completion/completions/onedelay",),
    "zsh": (".zfunc/_onedelay", ".zsh/completions/_onedelay", ".local/share/zsh/site-functions/_onedelay"),
    "fish": (".config/fish/completions/onedelay.fish",),
}


def terminal(_: Place) -> tuple[State, str, str]:
    """Look at where output goes, and what can be shown there."""
    out = console()
    encoding = getattr(sys.stdout, "encoding", None) or "of no encoding"
    signs = "" if out.signs == UNICODE else ", too few characters for pictures, so letters are used"
    term = os.environ.get("TERM", "")
    plain = "NO_COLOR is set" if os.environ.get("NO_COLOR") else "TERM is dumb" if term == "dumb" else ""
    colours = "colours" if out.colour else f"no colours ({plain})" if plain else "no colours"
    size = shutil.get_terminal_size()
    seen = f"{size.columns} columns, {size.lines} lines, {colours}, {encoding}{signs}"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return State.ABSENT, f"not a terminal, which `onedelay watch` needs; {seen}", ""
    if size.columns < _NARROW:
        return State.WORKS, seen, f"{_NARROW} columns or more show more of a picture"
    if signs:
        return State.WORKS, seen, "set PYTHONUTF8=1, and a font and locale with UTF-8"
    return State.WORKS, seen, ""


def watching(place: Place) -> tuple[State, str, str]:
    """Save a file in a folder of our own, beside the learner's, and see whether, and when, we are told."""
    instead = "`onedelay watch` looks at the files again and again instead"
    if os.environ.get("WATCHFILES_FORCE_POLLING"):
        return State.ABSENT, f"WATCHFILES_FORCE_POLLING is set: {instead}", ""
    try:
        import watchfiles  # noqa: F401, PLC0415 - not small, and it may be missing
    except ImportError as problem:
        return State.ABSENT, f"{problem}: {instead}", "pip install watchfiles"
    beside = place.workspace.ours if place.workspace is not None else None
    try:
        folder = tempfile.TemporaryDirectory(prefix="doctor-", dir=beside)
    except OSError:
        folder = tempfile.TemporaryDirectory(prefix="doctor-")
    with folder as name:
        told = told_after(Path(name), _PATIENCE)
    if told is None:
        return State.ABSENT, f"no events here, as in folders of a network or a container: {instead}", ""
    return State.WORKS, f"events arrive {1000 * told:.0f} ms after a file was saved", ""


def told_after(folder: Path, patience: float) -> float | None:
    """Return after how many seconds the save of a file in *folder* was told, or None."""
    from watchfiles import watch  # noqa: PLC0415 - as above

    stop, file, saved = threading.Event(), folder / "file.py", [0.0]
    file.write_text("old\n", "ascii")

    def save() -> None:
        if not stop.wait(_UNTIL_IT_WATCHES):
            saved[0] = time.monotonic()
            file.write_text("newer\n", "ascii")

    saving, deadline = threading.Thread(target=save), time.monotonic() + patience
    saving.start()
    try:
        for change in watch(folder, stop_event=stop, debounce=50, step=10, rust_timeout=100, yield_on_timeout=True):
            if change and saved[0]:
                return time.monotonic() - saved[0]
            if time.monotonic() > deadline:
                break
        return None
    finally:
        stop.set()
        saving.join()


def clock(_: Place) -> tuple[State, str, str]:
    """Look at the clock by which real times are judged: what it says of itself, and its smallest step."""
    said = time.get_clock_info("monotonic").resolution
    begun = time.monotonic()
    steps: list[float] = []
    while len(steps) < 5 and time.monotonic() - begun < 0.5:
        last = time.monotonic()
        while (now := time.monotonic()) == last:
            pass
        steps.append(now - last)
    step = max(said, min(steps, default=1.0))
    seen = f"steps of {_duration(step)}"
    if step > _COARSE:
        return State.BROKEN, f"{seen}, too coarse for what is judged on the real clock", "add --clock=virtual to pytest"
    return State.WORKS, seen, ""


def _duration(seconds: float) -> str:
    for unit, size in (("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def completion(_: Place) -> tuple[State, str, str]:
    """Look whether the shell completes our commands."""
    shell = Path(os.environ.get("SHELL", "")).name
    if shell not in _SCRIPTS:
        return State.ABSENT, f"not made for {shell or 'this shell'}; for bash, zsh and fish", ""
    files = [Path.home() / name for name in _SCRIPTS[shell]]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        found = next((file for file in (Path.home() / name for name in _RC[shell]) if _mentions(file)), None)
    if found is None:
        return State.ABSENT, f"{shell} does not complete `onedelay` yet", f"`onedelay completion {shell}` says how"
    return State.WORKS, f"for {shell}: {found}", ""


def _mentions(file: Path) -> bool:
    try:
        return "onedelay" in file.read_text("utf-8", "replace")
    except OSError:
        return False
