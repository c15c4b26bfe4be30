"""`onedelay watch` in a real pseudo-terminal, and what is on its screen."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ptyprocess  # type: ignore[import-untyped]
import pyte
import pytest

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0  # seconds, on the busiest machine
NAMES = ["02_count_async", "03_gather_weather", "04_predict_the_clock"]


class Screen:
    """A terminal in which a command runs. *temp* is its folder of temporary files, by which its processes are known."""

    def __init__(self, command: list[str], cwd: Path, temp: Path, size: tuple[int, int], env: dict[str, str]) -> None:
        self.columns, self.rows = size
        self.temp = temp
        temp.mkdir(exist_ok=True)
        self.screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self.screen)
        whole = {**os.environ, "TERM": "xterm-256color", "TMPDIR": str(temp), "PYTHONPATH": str(ROOT), **env}
        whole = {name: value for name, value in whole.items() if value}
        self.process = ptyprocess.PtyProcess.spawn(command, str(cwd), whole, dimensions=(self.rows, self.columns))
        self.said = b""

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def read(self, seconds: float) -> bool:
        """Take in what is written within so many *seconds*; False when the terminal is closed."""
        if select.select([self.process.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.process.fd, 1 << 16)
            except OSError:
                return False
            if not data:
                return False
            self.said += data
            self._stream.feed(data)
        return True

    def wait_for(self, *texts: str, patience: float = PATIENCE) -> str:
        """Wait until all *texts* are on the screen at once; return it."""
        return self.until(lambda screen: all(text in screen for text in texts), f"{texts}", patience)

    def wait_without(self, text: str) -> str:
        """Wait until *text* is not on the screen any more; return it."""
        return self.until(lambda screen: text not in screen, f"no {text!r}")

    def until(self, holds: Callable[[str], bool], what: str, patience: float = PATIENCE) -> str:
        deadline = time.monotonic() + patience
        while not holds(self.text):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come within {patience} s; the screen:\n{self.text}")
            if not self.read(0.05):
                assert holds(self.text), f"{what} did not come before the end; the screen:\n{self.text}"
        return self.text

    def press(self, keys: str) -> None:
        """Type *keys*."""
        self.process.write(keys.encode())

    def settle(self, seconds: float = 0.3) -> str:
        """Let it draw for so long; return the screen."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self.read(left):
            pass
        return self.text

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal larger or smaller."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def ended(self, patience: float = PATIENCE) -> int:
        """Wait for the end of the command; return its exit code, negative for a signal."""
        deadline = time.monotonic() + patience
        while self.process.isalive():
            assert time.monotonic() < deadline, f"it does not end; the screen:\n{self.text}"
            self.read(0.05)
        while select.select([self.process.fd], [], [], 0)[0] and self.read(0):
            pass
        signalled: int | None = self.process.signalstatus
        return int(self.process.exitstatus) if signalled is None else -signalled

    def processes(self) -> dict[int, str]:
        """The processes that were started from here and still run: id -> command."""
        found = {}
        mark = f"TMPDIR={self.temp}".encode()  # a judge has a folder of its own in it
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        return found

    def left(self, patience: float = 5.0) -> dict[int, str]:
        """The processes that are left *patience* seconds after the end, if any."""
        deadline = time.monotonic() + patience
        while (found := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.process.close(force=True)
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


class File:
    """The learner's file of 03_gather_weather in a workspace, and what may be saved there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "exercises" / "03_gather_weather" / "gather_weather.py"
        self._solutions = ROOT / "solutions" / "03_gather_weather"

    @property
    def right(self) -> str:
        return (self._solutions / "gather_weather.py").read_text()

    @property
    def wrong(self) -> str:
        return (self._solutions / "rejected" / "ran-sequentially.py").read_text()

    hangs = "while True:\n    pass\n"

    def save(self, text: str) -> None:
        self.path.write_text(text)


@pytest.fixture
def file(folder: Path) -> File:
    """The file that the learner edits."""
    return File(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new workspace."""
    from grader.learning.workspace import create

    create(tmp_path / "work", NAMES)
    return tmp_path / "work"


@pytest.fixture
def watching(folder: Path, tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    """Start `onedelay watch` in a terminal; what is left of it afterwards is an error."""
    screens: list[Screen] = []

    def start(*arguments: str, size: tuple[int, int] = (80, 24), **env: Any) -> Screen:
        command = [sys.executable, "-m", "grader.cli", "watch", *arguments]
        screens.append(Screen(command, folder, tmp_path / f"temp{len(screens)}", size, env))
        return screens[-1]

    yield start
    for screen in screens:
        screen.close()
