"""How fast judge and candidate talk, and how fast virtual time passes."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from grader.exercise import Exercise
from grader.judge.candidates import Candidates
from grader.judge.check import Check, Rules
from grader.judge.clock import JudgeLoop
from grader.judge.submission import Submission

PROGRAM = """
import asyncio

async def ask(emit, times):
    for _ in range(times):
        emit()

async def nap(times):
    for _ in range(times):
        await asyncio.sleep(0.1)

async def together(times):
    await asyncio.gather(*(asyncio.sleep(1) for _ in range(times)))
"""
FUNCTIONS = 'FUNCTIONS = {"ask": "async", "nap": "async", "together": "async"}\n'
TIMES = 10_000


def measure(_: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the round trips and the virtual sleeps per second of a warm candidate."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "exercises", "00_rates")
        home.mkdir(parents=True)
        (home / "rates.py").write_text(PROGRAM, "utf-8")
        (home / "test_rates.py").write_text(FUNCTIONS, "utf-8")
        candidates = Candidates()
        try:
            exercise = Exercise(home)
            asked = seconds(exercise, candidates, lambda s: s.ask(lambda: None, TIMES))
            slept = seconds(exercise, candidates, lambda s: s.nap(TIMES))
            together = seconds(exercise, candidates, lambda s: s.together(TIMES))
        finally:
            candidates.close()
    return [
        ("round trips, candidate to judge and back", f"{TIMES / asked:,.0f} /s"),
        ("virtual sleeps, one after another", f"{TIMES / slept:,.0f} /s"),
        ("10,000 virtual sleeps one after another (target: 0.5 s)", f"{slept:.2f} s"),
        ("10,000 virtual sleeps at once (target: 0.5 s)", f"{together:.2f} s"),
    ]


def seconds(exercise: Exercise, candidates: Candidates, call: Callable[[Submission], Awaitable[object]]) -> float:
    """Return the best of three real times of one call, in a warm process."""
    return min(once(exercise, candidates, call) for _ in range(3))


def once(exercise: Exercise, candidates: Candidates, call: Callable[[Submission], Awaitable[object]]) -> float:
    """Return the real time of one call, without the loading before it and the census after it."""
    check = Check(exercise, exercise.stub, candidates, Rules(limit=60))
    loop = JudgeLoop()

    async def body() -> float:
        await check.link()
        start = time.perf_counter()
        await call(Submission(check))
        return time.perf_counter() - start

    try:
        elapsed = loop.run_until_complete(body())
        loop.run_until_complete(check.settle())
        return elapsed
    finally:
        check.close()
        loop.close()
