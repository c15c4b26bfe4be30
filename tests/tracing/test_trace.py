"""A trace's own figures, and a trace as plain data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.timeline import Hold, Line, Step
from grader.tracing.data import UnreadableTraceError, from_data, to_data, until
from grader.tracing.trace import Pause, Run, Trace, TracedTask

HERE = Line("program.py", 1)


def pause(start: int, end: int | None, kind: str = "sleep") -> Pause:
    return Pause(kind, start, end, "asyncio.sleep", (Step(1, HERE),), "main")


def trace(*tasks: TracedTask, end: int = 100) -> Trace:
    return Trace("program.py", "3.11", "virtual", 0, end, tasks, (Run(0, end),))


def states(of: Trace, number: int) -> list[tuple[int, int, str]]:
    task = of.task(number)
    assert task is not None
    return [segment[:3] for segment in of.segments(task)]


def test_between_its_waits_a_task_runs() -> None:
    one = TracedTask(1, "main", "main", 10, 80, waits=(pause(20, 40), pause(40, 70)))
    assert states(trace(one), 1) == [
        (10, 20, "running"),
        (20, 40, "sleep"),
        (40, 70, "sleep"),
        (70, 80, "running"),
    ]


def test_who_holds_the_loop_blocks_and_who_is_ready_meanwhile_is_held() -> None:
    one = TracedTask(1, "a", "a", 0, 60, holds=(Hold(10, 50, "time.sleep", HERE),))
    two = TracedTask(2, "b", "b", 0, 60, waits=(pause(0, 30),))
    seen = trace(one, two)
    assert states(seen, 1) == [(0, 10, "running"), (10, 50, "blocking"), (50, 60, "running")]
    assert states(seen, 2) == [(0, 30, "sleep"), (30, 50, "held"), (50, 60, "running")]


def test_the_loops_of_two_threads_do_not_hold_each_other() -> None:
    one = TracedTask(1, "a", "a", 0, 60, run=0, holds=(Hold(0, 60, "time.sleep", HERE),))
    two = TracedTask(2, "b", "b", 0, 60, run=1)
    seen = Trace("program.py", "3.11", "real", 0, 60, (one, two), (Run(0, 60), Run(0, 60)))
    assert states(seen, 2) == [(0, 60, "running")]


def test_what_lasts_as_long_as_another_task_is_not_in_flight() -> None:
    kinds = ["sleep", "network", "thread", "other", "signal", "task"]
    tasks = [TracedTask(n, "t", "t", 0, 50, waits=(pause(0, 50, kind),)) for n, kind in enumerate(kinds, 1)]
    assert trace(*tasks).in_flight() == 4


def test_what_ends_as_another_starts_is_not_beside_it() -> None:
    one = TracedTask(1, "main", "main", 0, 80, waits=(pause(0, 40), pause(40, 80)))
    assert trace(one).in_flight() == 1


def test_a_task_that_has_not_ended_lasts_as_long_as_the_trace() -> None:
    assert states(trace(TracedTask(1, "a", "a", 0, None, "pending", waits=(pause(20, None),))), 1)[-1] == (
        20,
        100,
        "sleep",
    )


times = st.integers(0, 1_000)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[TracedTask, ...]:
    """Tasks of one loop, whose holds do not overlap, and which hold the loop only while they do not wait."""
    cuts = sorted(draw(st.lists(times, min_size=4, max_size=24, unique=True)))
    found = [TracedTask(n, "t", "t", draw(times), None, "pending") for n in range(1, draw(st.integers(1, 4)) + 1)]
    waits: dict[int, list[Pause]] = {}
    holds: dict[int, list[Hold]] = {}
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        who = draw(st.sampled_from(found))
        if who.start <= start:
            if draw(st.booleans()):
                waits.setdefault(who.number, []).append(pause(start, end))
            else:
                holds.setdefault(who.number, []).append(Hold(start, end, "time.sleep", HERE))
    return tuple(
        TracedTask(
            t.number,
            "t",
            "t",
            t.start,
            1_000,
            waits=tuple(waits.get(t.number, ())),
            holds=tuple(holds.get(t.number, ())),
        )
        for t in found
    )


@given(tasks())
def test_segments_have_no_gaps_and_do_not_overlap(made: tuple[TracedTask, ...]) -> None:
    seen = trace(*made, end=1_000)
    for task in made:
        segments = seen.segments(task)
        assert sum(segment.end - segment.start for segment in segments) == 1_000 - task.start
        assert all(before.end == after.start for before, after in zip(segments, segments[1:], strict=False))
        blocked = sum(segment.end - segment.start for segment in segments if segment.state == "blocking")
        assert blocked == sum(hold.length for hold in task.holds)


@given(tasks())
def test_a_trace_survives_its_way_through_json(made: tuple[TracedTask, ...]) -> None:
    seen = trace(*made)
    assert from_data(json.loads(json.dumps(to_data(seen)))) == seen


@pytest.mark.parametrize("damage", [None, [], {}, {"tasks": 3}, {"script": "x"}, "text"])
def test_what_is_no_trace_is_refused(damage: object) -> None:
    with pytest.raises(UnreadableTraceError, match="not a trace"):
        from_data(damage)


def test_a_trace_that_is_cut_says_so_and_knows_nothing_of_what_came_later() -> None:
    one = TracedTask(1, "a", "a", 0, 90, waits=(pause(10, 40), pause(60, 80)), holds=(Hold(45, 55, "x", HERE),))
    late = TracedTask(2, "b", "b", 70, 80)
    cut = until(trace(one, late), 50)
    [task] = cut.tasks
    assert (cut.end, task.end, task.outcome, len(task.waits)) == (50, None, "pending", 1)
    assert task.holds[0].end == 50
    assert cut.notes == ("Too much happened to keep it all: shown are the first 50 ns of 100 ns.",)
