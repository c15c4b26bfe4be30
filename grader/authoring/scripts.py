"""Draws the scripts that stand on pages of docs: the picture beside one is that of its run. It knows no exercise.

A script is a block of Python below ``<!-- file: NAME.py -->``, its picture ``![…](NAME.svg)`` on the same page.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_SCRIPT: Final = re.compile(
    r"<!-- file: (?P<name>\w+)\.py -->\n```python\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_PATIENCE: Final = 60.0


def pictures(page: Path) -> dict[Path, str]:
    """Return the pictures of the scripts on *page*, file -> SVG, drawn on the virtual clock."""
    text = page.read_text("utf-8")
    found = [match for match in _SCRIPT.finditer(text) if f"]({match['name']}.svg)" in text]
    return {page.with_name(f"{match['name']}.svg"): _drawn(match["name"], match["text"]) for match in found}


def _drawn(name: str, text: str) -> str:
    with tempfile.TemporaryDirectory(prefix="onedelay-") as folder:
        (Path(folder) / f"{name}.py").write_text(text, "utf-8")
        command = [sys.executable, "-m", "grader.cli", "run", f"{name}.py", "--virtual", "--svg", f"{name}.svg"]
        subprocess.run(command, cwd=folder, capture_output=True, timeout=_PATIENCE, check=True)
        return (Path(folder) / f"{name}.svg").read_text("utf-8")
