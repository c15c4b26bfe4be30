"""Bad submissions never hurt the run: each gets a verdict of its own, and nothing of it survives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SUBMISSIONS = sorted((Path(__file__).parent / "submissions").glob("*.py"))
MARK = "# <-- here"
CHECKS = 7


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the verdicts of all bad submissions from one run, by the file's name."""
    report = tmp_path_factory.mktemp("bad") / "report.json"
    files = [*SUBMISSIONS, SUBMISSIONS[0].with_name("absent.py")]
    given = [f"--submission={file}" for file in files]
    command = [sys.executable, "-m", "pytest", "exercises/03", "--limit=2", f"--report=json={report}", *given]
    before = children_of_init()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert report.is_file(), run.stdout[-3000:] + run.stderr[-3000:]
    assert "INTERNALERROR" not in run.stdout
    found = json.loads(report.read_text("utf-8"))["exercises"]
    return {Path(item["submission"]).name: item for item in found} | {"survivors": children_of_init() - before}


def children_of_init() -> set[str]:
    """Return the candidate processes there are, by command line and id, where the system can tell."""
    found = set()
    for process in Path("/proc").glob("[0-9]*") if os.path.isdir("/proc") else ():
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if "grader.candidate" in command and str(SUBMISSIONS[0].parent) in command:
            found.add(f"{process.name} {command}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("file", SUBMISSIONS, ids=lambda file: file.stem)
def test_each_has_a_verdict_of_its_own(verdicts: dict[str, Any], file: Path) -> None:
    """The verdict names what the file's first line expects, at the marked line, and every check was run."""
    lines = file.read_text("utf-8").splitlines()
    expected = lines[0].removeprefix("# expected: ") if lines else "no-file"
    marked = [number for number, text in enumerate(lines, 1) if MARK in text]
    verdict = verdicts[file.name]
    diagnosis = verdict["diagnosis"]
    assert (verdict["outcome"], diagnosis["code"]) == ("FAIL", expected), diagnosis
    assert diagnosis["line"] in marked if marked else True, diagnosis
    assert len(verdict["checks"]) == CHECKS
    assert {check["outcome"] for check in verdict["checks"]} <= {"PASS", "FAIL", "NOT RUN"}
    assert verdict["earned"] < verdict["points"]


@pytest.mark.slow
def test_absent_file(verdicts: dict[str, Any]) -> None:
    """A file that is not there is named as such."""
    assert verdicts["absent.py"]["diagnosis"]["code"] == "no-file"


@pytest.mark.slow
def test_output_belongs_to_its_check(verdicts: dict[str, Any]) -> None:
    """What the learner printed and logged is kept with the check in which it happened, and capped."""
    printed = verdicts["prints.py"]["checks"][0]["printed"]
    assert "fetching 50 cities" in printed
    assert "slow network" in printed
    assert 0 < len(verdicts["much-output.py"]["checks"][0]["printed"]) <= 5_000


@pytest.mark.slow
def test_nothing_survives(verdicts: dict[str, Any]) -> None:
    """No candidate process is left after the run."""
    assert verdicts["survivors"] == set()
