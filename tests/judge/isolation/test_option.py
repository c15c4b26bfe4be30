"""``--isolation`` keeps a learner's code apart in a run of pytest, whose verdicts stay what they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.judge.isolation import places
from grader.judge.isolation.bubblewrap import DISKS
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.probe import measure

ROOT = Path(__file__).parents[3]
SOLUTIONS = ROOT / "solutions" / "03_gather_weather"


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the checks of 03 on the virtual clock."""
    command = [sys.executable, "-m", "pytest", "exercises/03", "--clock=virtual", *options]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module", autouse=True)
def _full() -> None:
    try:
        measure(Level.FULL)
    except CannotIsolateError as error:
        pytest.skip(str(error))


def test_verdicts_are_the_same(tmp_path: Path) -> None:
    """For one right submission and some wrong ones, with and without isolation."""
    files = [SOLUTIONS / "gather_weather.py", *sorted((SOLUTIONS / "rejected").glob("*.py"))[:4]]
    verdicts = {}
    for level in ("none", "full"):
        report = tmp_path / f"{level}.json"
        run(f"--isolation={level}", f"--report=json={report}", *(f"--submission={file}" for file in files))
        verdicts[level] = [
            (item["submission"], check["check"], check["outcome"], (check["diagnosis"] or {}).get("code"))
            for item in json.loads(report.read_text("utf-8"))["exercises"]
            for check in item["checks"]
        ]
    assert verdicts["full"] == verdicts["none"]
    assert len({outcome for _, _, outcome, _ in verdicts["full"]}) > 1


def test_a_submission_finds_no_solution(tmp_path: Path) -> None:
    """It cannot return what it reads in the reference, the tests, or a classmate's folder."""
    spy = tmp_path / "spy.py"
    places_to_look = [str(SOLUTIONS / "gather_weather.py"), str(ROOT / "exercises"), str(ROOT / "tests"), str(tmp_path)]
    spy.write_text(
        "import os\n"
        f"FOUND = [place for place in {places_to_look!r} if os.path.exists(place)]\n"
        "print('FOUND', FOUND)\n"
        "async def gather_weather(*args): raise RuntimeError(f'found {FOUND}')\n",
        "utf-8",
    )
    assert "FOUND []" in run("--isolation=full", f"--submission={spy}", "-s").stdout


def test_a_machine_that_cannot_says_so_in_a_line(tmp_path: Path) -> None:
    """The run ends before any verdict: what is missing is no fault of the learner's."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: not here' >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)
    file = SOLUTIONS / "gather_weather.py"
    ended = run("--isolation=full", f"--submission={file}", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    assert lines == ["ERROR: isolation full cannot be had on this machine: bwrap: not here"]


def test_in_process_and_isolation_contradict_each_other() -> None:
    """The message says which to leave out."""
    ended = run("--isolation=full", "--in-process")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "leave out --isolation" in ended.stderr


def test_what_a_killed_run_left_is_removed_by_the_next() -> None:
    """But not what belongs to a run that goes on."""
    left, going = places.House(), places.House()
    left._lock.close()
    for house in (left, going):
        old = time.time() - 3600
        os.utime(house.folder / "lock", (old, old))
    try:
        places.House().close()
        assert not left.folder.exists()
        assert going.folder.exists()
    finally:
        going.close()
    assert left.folder.parent == Path(DISKS)
