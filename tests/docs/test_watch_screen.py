"""The screen of `onedelay watch` that docs/learn.md shows is the one of a real terminal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.learning.watch import pages

pexpect = pytest.importorskip("pexpect", reason="pip install -e '.[dev]'")
pyte = pytest.importorskip("pyte", reason="pip install -e '.[dev]'")

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def shown() -> tuple[str, str, str]:
    """Return the program that the page writes, the exercise that it watches and the screen that it shows."""
    text = (ROOT / "docs" / "learn.md").read_text("utf-8")
    pattern = r"<!-- file: .*?gather_weather.py -->\n```python\n(.*?)```.*?```sh\nonedelay watch (\d\d)\n```\n\n```text\n(.*?)```"
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None
    return found[1], found[2], found[3]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal is needed")
def test_the_screen_is_a_real_one(tmp_path: Path) -> None:
    """Each line of the page's screen appears, in its place, on a terminal of 80 columns and 24 lines."""
    program, exercise, screen = shown()
    command = shutil.which("onedelay", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("onedelay is not installed beside this Python")
    subprocess.run([command, "start", "work"], cwd=tmp_path, check=True, capture_output=True, timeout=PATIENCE)
    work = tmp_path / "work"
    (work / "exercises" / "03_gather_weather" / "gather_weather.py").write_text(program, "utf-8")
    terminal = pyte.Screen(80, 24)
    stream = pyte.Stream(terminal)
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "80", "LINES": "24"}
    watch = pexpect.spawn(
        command, ["watch", exercise], cwd=str(work), env=environment, dimensions=(24, 80), encoding="utf-8"
    )
    wanted, end = screen.rstrip("\n").split("\n"), time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end and not alike(terminal.display, wanted):
            try:
                stream.feed(watch.read_nonblocking(65_536, 0.2))
            except pexpect.TIMEOUT:
                continue
        assert alike(terminal.display, wanted), "\n".join(terminal.display)
        watch.send("q")
        watch.expect(pexpect.EOF, timeout=PATIENCE)
    finally:
        watch.close(force=True)
    assert watch.exitstatus == 0


def test_the_readme_shows_the_same_screen() -> None:
    """README.md shows the screen of docs/learn.md, which the test above has seen."""
    block = re.search(
        r"```sh\nonedelay watch 03\n```\n\n```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert block is not None
    assert block[1] == shown()[2]


def test_the_keys_are_those_that_there_are() -> None:
    """The page's table has the keys that the screen's own help lists, and that help itself."""
    table = (ROOT / "docs" / "learn.md").read_text("utf-8").partition("| key | |")[2].partition("\n\n")[0]
    named = set(re.findall(r"^\| `(.)` \|", table, re.MULTILINE))
    assert named == {key for key, _ in pages._KEYS if len(key) == 1} | {"?"}


def alike(rows: list[str], wanted: list[str]) -> bool:
    """Return whether a terminal's rows are those that the page shows; ``…`` there stands for anything."""
    patterns = [".*".join(map(re.escape, row.rstrip().split("…"))) for row in wanted]
    seen = [row.rstrip() for row in rows]
    while seen and not seen[-1]:
        seen.pop()
    return len(seen) == len(patterns) and all(map(re.fullmatch, patterns, seen))
