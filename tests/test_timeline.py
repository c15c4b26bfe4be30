"""The figures drawn from a timeline."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.timeline import MOST_DRAWN, Hold, Line, Operation, Step, Timeline, Wait, common_line, ideal, peak, picture

END = 40


def _operation(start: int, end: int | None, kind: str = "request", number: int | None = None) -> Operation:
    return Operation(kind, start, end, "name", Line("f.py", 1), number)


OPERATIONS = st.lists(
    st.tuples(st.integers(0, 20), st.none() | st.integers(0, 20)).map(
        lambda pair: _operation(pair[0], None if pair[1] is None else pair[0] + pair[1])
    ),
    max_size=12,
)


def _in_flight(operation: Operation, tick: int) -> bool:
    return operation.start <= tick < (END if operation.end is None else operation.end)


@given(OPERATIONS)
def test_peak_counts_every_tick(operations: list[Operation]) -> None:
    """The peak is the highest count over all ticks: an end and a start at one tick do not overlap."""
    counts = [sum(_in_flight(operation, tick) for operation in operations) for tick in range(END)]

    assert peak(operations, END) == max(counts)


@given(OPERATIONS.filter(bool))
def test_peak_of_the_ideal(operations: list[Operation]) -> None:
    """Laid out ideally, all that take time are in flight at once, each for its own time."""
    best = ideal(operations, END)
    lengths = [(END if op.end is None else op.end) - op.start for op in operations]

    assert {op.start for op in best} == {operations[0].start}
    assert [op.end - op.start for op in best if op.end is not None] == lengths
    assert peak(best, END + 20) == sum(length > 0 for length in lengths)


def test_ideal_of_nothing() -> None:
    """Nothing laid out ideally is nothing."""
    assert ideal([], END) == ()
    assert peak([], END) == 0


def test_one_after_another() -> None:
    """Operations that follow one another without a gap have a peak of one."""
    assert peak([_operation(start, start + 1) for start in range(50)], 50) == 1


def _chain(*steps: tuple[int, int]) -> tuple[Step, ...]:
    return tuple(Step(coroutine, Line("f.py", number)) for coroutine, number in steps)


@pytest.mark.parametrize(
    ("chains", "number"),
    [
        ([], None),
        ([()], None),
        ([_chain((1, 10))], 10),
        ([_chain((1, 10), (2, 20)), _chain((1, 10), (3, 20))], 10),
        ([_chain((1, 10), (2, 20)), _chain((1, 11), (2, 20))], 20),
        ([_chain((1, 10), (2, 20)), _chain((1, 10))], 10),
        ([_chain((1, 10)), _chain((2, 10))], None),
        ([_chain((1, 10), (2, 20), (3, 30)), _chain((1, 10), (2, 20), (4, 30)), _chain((1, 10), (2, 21))], 20),
    ],
    ids=["none", "empty", "one", "a helper", "two helpers", "shorter", "strangers", "deep"],
)
def test_common_line(chains: list[tuple[Step, ...]], number: int | None) -> None:
    """The line that repeats is that of the last coroutine which all chains share."""
    assert common_line(chains) == (None if number is None else Line("f.py", number))


def test_rows_are_what_took_time() -> None:
    """A picture shows requests and calls that took time, by start; what took none is left out."""
    late, early, instant, never = _operation(2, 3), _operation(0, 1), _operation(1, 1), _operation(1, None)
    timeline = Timeline(0, 3, (late, early, instant, never))

    assert timeline.rows() == (early, never, late)


def test_rows_fall_back_to_sleeps_and_holds() -> None:
    """Where nothing was asked of the world, sleeps and holds are the rows; waits for other tasks are not."""
    chain = _chain((1, 10), (2, 20))
    waits = (
        Wait(1, None, "sleep", None, chain, 2, 3),
        Wait(2, None, "sleep", None, (), 1, None),
        Wait(3, None, "sleep", None, chain, 1, 1),
        Wait(4, None, "other", None, chain, 0, 3),
    )
    holds = (Hold(0, 1, "time.sleep", Line("f.py", 5)),)
    timeline = Timeline(0, 3, (_operation(1, 1),), holds, waits)

    assert [(row.kind, row.start, row.end, row.line and row.line.number) for row in timeline.rows()] == [
        ("hold", 0, 1, 5),
        ("sleep", 1, None, None),
        ("sleep", 2, 3, 20),
    ]
    assert [row.kind for row in replace(timeline, operations=(_operation(0, 1),)).rows()] == ["request"]


def test_holds() -> None:
    """Holds add up, and the longest is found."""
    holds = (Hold(0, 2, "a", None), Hold(3, 8, "b", None), Hold(9, 10, "c", None))
    timeline = Timeline(0, 10, holds=holds)

    assert timeline.held() == 8
    assert timeline.longest_hold() == holds[1]
    assert Timeline(0, 1).longest_hold() is None


def test_picture() -> None:
    """A picture has the rows as they were and as they could have been."""
    timeline = Timeline(5, 9, (_operation(5, 7), _operation(7, 8), _operation(8, None)))
    drawn = picture(timeline, 1)

    assert drawn is not None
    assert (drawn.start, drawn.end, drawn.delay) == (5, 9, 1)
    assert [(row.start, row.end) for row in drawn.yours] == [(5, 7), (7, 8), (8, None)]
    assert [(row.start, row.end) for row in drawn.ideal] == [(5, 7), (5, 6), (5, 6)]
    assert picture(Timeline(0, 5), 1) is None


def test_what_is_over_at_once_is_no_row() -> None:
    """Beside operations that take their time, one that is over in a moment of the real clock is not drawn."""
    long, short = Operation("call", 0, 1000, "simmer", None), Operation("call", 5, 6, "log", None)
    assert Timeline(0, 1000, (long, short)).rows() == (long,)
    assert Timeline(0, 1000, (short,)).rows() == (short,)


def test_a_picture_has_an_end() -> None:
    """Of a program that does without end, the beginning is drawn."""
    operations = tuple(Operation("request", tick, tick + 1, "GET", None) for tick in range(MOST_DRAWN + 10))

    drawn = picture(Timeline(0, 1, operations), 1)

    assert drawn is not None
    assert drawn.yours == operations[:MOST_DRAWN]
