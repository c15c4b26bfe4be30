"""A workspace, and the command line as a learner uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.learning.workspace import Workspace, create

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with three exercises."""
    create(tmp_path / "work", ["02_count_async", "03_gather_weather", "11_cook_dishes"])
    return Workspace(tmp_path / "work")


@pytest.fixture
def onedelay(workspace: Workspace) -> Run:
    """Run a command in the workspace; ``cwd``, ``module`` and environment variables as keywords."""

    def run(
        *args: str, cwd: Path | None = None, module: str = "grader.cli", typed: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80", **environment}
        return subprocess.run(
            [sys.executable, "-m", module, *args],
            cwd=cwd or workspace.root,
            env=env,
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
            check=False,
        )

    return run
