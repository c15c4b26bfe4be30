"""The timeline as text. The pictures in `golden/` are of real runs on the virtual clock: look at each before you renew it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports.rows import ASCII, UNICODE
from grader.timeline import Hold, Line, Step
from grader.tracing.data import from_data
from grader.tracing.launch import Request
from grader.tracing.outcome import run
from grader.tracing.terminal import BARS, painted, render
from grader.tracing.trace import Ending, Pause, Run, Trace, TracedTask

HERE = Path(__file__).parent
PROGRAMS = sorted(path.stem for path in (HERE / "programs").glob("*.py"))
SAMPLES = {path.stem: path for path in (HERE / "samples").glob("*.json")}
SECOND = 1_000_000_000


def text(trace: Trace, width: int = 80) -> str:
    return "".join(f"{row.text}\n" for row in render(trace, width))


def sample(name: str) -> Trace:
    return from_data(json.loads(SAMPLES[name].read_text("utf-8")))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_real_run_looks_as_it_did(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "threads" and sys.version_info >= (3, 12):
        pytest.skip("before, wait_for made a task of its own")
    monkeypatch.chdir(HERE / "programs")
    seen = run(Request(f"{name}.py", (), virtual=True, limit=60)).trace
    golden = HERE / "golden" / f"{name}.txt"
    if not golden.exists():  # written once, then compared for ever
        golden.write_text(text(seen), "utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: look at it")
    assert text(seen) == golden.read_text("utf-8")


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("signs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [60, 73, 100, 160])
def test_no_line_is_wider_than_the_terminal(name: str, width: int, signs: object) -> None:
    rows = render(sample(name), width, signs)  # type: ignore[arg-type]
    assert max(len(row.text) for row in rows) <= width


@pytest.mark.parametrize("name", SAMPLES)
def test_without_unicode_nothing_needs_it(name: str) -> None:
    assert all(row.text.isascii() for row in render(sample(name), 80, ASCII))


def test_states_are_told_apart_without_colour() -> None:
    where = Line("a.py", 1)
    kinds = ["sleep", "network", "signal", "thread", "task", "other"]
    waits = tuple(Pause(kind, n * SECOND, (n + 1) * SECOND, "", (Step(1, where),)) for n, kind in enumerate(kinds))
    one = TracedTask(1, "main", "main", 0, 10 * SECOND, waits=waits, holds=(Hold(7 * SECOND, 8 * SECOND, "x", where),))
    two = TracedTask(2, "other", "other", 0, 10 * SECOND)
    trace = Trace("a.py", "3.11", "real", 0, 10 * SECOND, (one, two), (Run(0, 10 * SECOND),))
    for signs in (UNICODE, ASCII):
        bars = [row.text for row in render(trace, 100, signs) if row.style == BARS]
        shown = {sign for bar in bars for sign in bar[7:].replace(" ", "")}
        assert len(shown) == len(kinds) + 3


def test_many_tasks_are_few_rows_and_it_says_so() -> None:
    rows = render(sample("many"))
    assert sum(row.style == BARS for row in rows) == 24
    assert any("177 more tasks" in row.text for row in rows)


def test_a_hold_is_seen_however_long_the_rest_is() -> None:
    hold = Hold(500 * SECOND, 506 * SECOND, "time.sleep", Line("a.py", 1))
    one = TracedTask(1, "main", "main", 0, 1_000 * SECOND, holds=(hold,))
    trace = Trace("a.py", "3.11", "real", 0, 1_000 * SECOND, (one,), (Run(0, 1_000 * SECOND),))
    assert "█" in text(trace)


def test_what_a_program_calls_its_tasks_cannot_steer_the_terminal() -> None:
    one = TracedTask(1, "\x1b[2J\u202eevil\n", "main", 0, SECOND)
    trace = Trace(
        "\x1b]0;x\x07.py",
        "3.11",
        "real",
        0,
        SECOND,
        (one,),
        (Run(0, SECOND),),
        ending=Ending("raised", 1, "E", "\x1b[31m"),
    )
    assert "\x1b" not in text(trace)
    assert "\u202e" not in text(trace)


@given(st.integers(0, 10**13), st.integers(1, 40), st.integers(40, 200))
def test_any_length_and_number_fits(elapsed: int, count: int, width: int) -> None:
    tasks = tuple(
        TracedTask(n, f"task with a long name {n}", "work", elapsed * n // (count + 1), elapsed, parent=n - 1 or None)
        for n in range(1, count + 1)
    )
    rows = render(Trace("a.py", "3.11", "real", 0, elapsed, tasks, (Run(0, elapsed),)), width)
    assert max(len(row.text) for row in rows) <= max(width, 60)
    assert all(row.text.strip() for row in rows if row.style == BARS)


def test_a_program_without_a_loop_is_told_so() -> None:
    assert "No event loop of asyncio's ran" in text(sample("plain"))


def test_who_waited_where_is_told_when_it_was_interrupted() -> None:
    stopped = replace(sample("leaked"), ending=Ending("interrupted", 130))
    assert "Stopped with Ctrl-C while these waited: save() at line 5." in text(stopped)


def test_a_painted_row_says_the_same() -> None:
    [row] = [row for row in render(sample("sequential")) if row.style == BARS]
    assert "\x1b[1m│\x1b[0m" in painted(row)
    assert re.sub("\x1b\\[[0-9;]*m", "", painted(row)) == row.text
