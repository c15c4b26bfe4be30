"""How far a batch is, on a terminal and elsewhere."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import Any

import pytest

from grader.batch import progress

PROGRAM = """
import time
from grader.batch.progress import Progress
with Progress(20) as bar:
    for number in range(20):
        time.sleep(0.02)
        bar.step()
        if number == 10:
            bar.say("grades.sqlite: database or disk is full")
"""


def test_a_terminal_has_a_bar_with_rate_and_time_left() -> None:
    """A line that is said meanwhile stands above it, whole."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stderr=follower, stdout=follower)
    os.close(follower)
    shown = b""
    while True:
        try:
            data = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        shown += data
    os.close(leader)
    assert process.wait() == 0
    text = shown.decode()
    assert "20/20" in text
    assert re.search(r"\[\d\d:\d\d<\d\d:\d\d, +[\d.]+submission/s\]", text)
    assert "grades.sqlite: database or disk is full" in [line.strip() for line in re.split(r"[\r\n]+", text)]


def test_elsewhere_there_are_lines_now_and_then(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """With the rate of what was graded now, not of what an earlier run had graded."""
    now = [100.0]
    monkeypatch.setattr("grader.batch.progress.time.monotonic", lambda: now[0])
    with progress.Progress(100) as shown:
        for number in range(60):
            now[0] += 0.5 if number >= 20 else 0.0
            shown.step(fresh=number >= 20)
    assert capsys.readouterr().err.splitlines() == [
        "40 of 100 submissions, 2.0 a second, 30 s left",
        "60 of 100 submissions, 2.0 a second, 20 s left",
    ]
