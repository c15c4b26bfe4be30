"""The guide's commands do what it says, in its order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")
ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "grade-with-nbgrader.md"


def commands() -> list[str]:
    """Return the lines of the guide's shell blocks, but for the installation."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if not line.startswith("pip ")]


@pytest.mark.slow
def test_from_nothing_to_feedback(tmp_path: Path) -> None:
    """Every command succeeds but the one that lists what needs a human, of which there is nothing."""
    for name in ("exercises", "solutions"):
        (tmp_path / name).symlink_to(ROOT / name)
    binaries = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    script = "\n".join(["set -e", *commands()])
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "2 submissions graded" in done.stdout
    grades = (tmp_path / "course" / "grades.csv").read_text("utf-8").splitlines()
    scores = {row.split(",")[3]: float(row.split(",")[9]) for row in grades[1:]}
    most = float(grades[1].split(",")[10])
    assert scores == {"ada": most, "bob": 0.0}
    told = {"ada": "All checks pass", "bob": "Not started"}
    for student, words in told.items():
        page = tmp_path / "course" / "feedback" / student / "03_gather_weather" / "03_gather_weather.html"
        assert words in page.read_text("utf-8")
