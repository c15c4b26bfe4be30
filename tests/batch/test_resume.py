"""A batch that ends at any moment loses nothing: the same command with --resume comes to the same results."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import pytest

from grader.batch.store import Store

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "01_classify_workloads"
FILES = [SOLUTIONS / "classify_workloads.py", *sorted((SOLUTIONS / "rejected").glob("*.py"))[:4]]
KILLS = 50
LONGEST = 0.4  # seconds from a number of results to a kill

Results = dict[str, tuple[str, float, str]]


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    for number, file in zip(range(60), cycle(FILES), strict=False):
        folder = tmp_path / "class" / f"student{number:02}"
        folder.mkdir(parents=True)
        (folder / "classify_workloads.py").write_text(f"{file.read_text()}\n# {number}\n")
    return tmp_path / "class"


def start(submissions: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grader.cli", "grade", str(submissions), "--exercise", "01", "--out", str(out)]
    command += ["--isolation", "none", "--seed", "7", "--jobs", "2", *options]
    scratch = out.with_name("scratch")
    scratch.mkdir(exist_ok=True)
    env = {**os.environ, "TMPDIR": str(scratch)}
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output


def results(out: Path) -> Results:
    found = {}
    for item in Store(out / "grades.sqlite"):
        verdict = item.reply.verdict
        assert item.settled
        assert verdict is not None, item.reply.fault
        diagnosis = verdict.cause.diagnosis if verdict.cause else None
        found[item.reply.student] = (verdict.outcome, verdict.earned, diagnosis.code if diagnosis else "")
    return found


def count(out: Path) -> int:
    try:
        with sqlite3.connect(f"file:{out / 'grades.sqlite'}?mode=ro", uri=True) as database:
            return int(database.execute("SELECT count(*) FROM results").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait_for_results(process: subprocess.Popen[str], out: Path, number: int) -> None:
    deadline = time.monotonic() + 60
    while count(out) < number and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def left_running(scratch: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if entry.name.isdigit() and str(scratch) in command:
            found.append(command)
    return found


@pytest.mark.slow
def test_fifty_kills_change_no_result(submissions: Path, tmp_path: Path) -> None:
    """The driver is killed fifty times, each time at another moment, and started again."""
    finish(start(submissions, tmp_path / "undisturbed"))
    expected = results(tmp_path / "undisturbed")
    assert len(expected) == 60
    chance = random.Random(7)
    kills, finished, resumed = 0, 0, 0
    while kills < KILLS:
        out = tmp_path / f"out{finished}"
        found = count(out)
        process = start(submissions, out, "--resume")
        wait_for_results(process, out, found + chance.choice([0, 1, 3, 5, 8, 13]))
        try:
            process.communicate(timeout=chance.uniform(0.0, LONGEST))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=60)
            kills += 1
            resumed += count(out) > found > 0
        else:
            assert results(out) == expected
            finished += 1
    finish(start(submissions, out, "--resume"))
    assert results(out) == expected
    assert resumed > KILLS / 4, "kills in the middle of the grading, after which it went on"
    deadline = time.monotonic() + 30
    while (left := left_running(tmp_path / "scratch")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_that_is_stopped_says_how_to_go_on(submissions: Path, tmp_path: Path, number: int) -> None:
    """What was graded is kept, and is not graded again."""
    out = tmp_path / "out"
    process = start(submissions, out)
    wait_for_results(process, out, 5)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output.splitlines()[-1] == f"stopped; the same command with --resume goes on: {out}"
    assert "Traceback" not in output
    before = count(out)
    assert 5 <= before < 60
    finish(start(submissions, out, "--resume"))
    assert count(out) == 60


def test_an_earlier_run_is_not_written_over(submissions: Path, tmp_path: Path) -> None:
    """Without --resume a folder with results is left alone; with other options too."""
    out = tmp_path / "out"
    finish(start(submissions, out))
    again = start(submissions, out)
    output, _ = again.communicate(timeout=60)
    assert again.returncode == 2
    assert "holds an earlier run: add --resume" in output
    other = start(submissions, out, "--resume", "--limit", "3")
    output, _ = other.communicate(timeout=60)
    assert other.returncode == 2
    assert "was begun with other limit" in output


def test_a_run_without_a_result_is_begun_again_in_any_way(submissions: Path, tmp_path: Path) -> None:
    """What was refused leaves nothing behind that would have to be resumed."""
    out = tmp_path / "out"
    refused = start(submissions, out, "--executor", "dask", "--scheduler", "tcp://127.0.0.1:1")
    output, _ = refused.communicate(timeout=60)
    assert refused.returncode == 2
    assert "only tls:// is safe" in output
    finish(start(submissions, out, "--limit", "5"))
    assert count(out) == 60


def test_submissions_are_not_modified(submissions: Path, tmp_path: Path) -> None:
    """Neither their content nor anything beside them."""
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in submissions.rglob("*.py")}
    finish(start(submissions, tmp_path / "out"))
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in submissions.rglob("*") if path.is_file()}
    assert after == before
