"""Integer time: the laws of ticks, and of a loop that keeps them."""

from __future__ import annotations

import asyncio
import functools
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.clock import JudgeLoop
from grader.ticks import TICKS_PER_SECOND, to_seconds, to_ticks


@given(st.integers(-(10**15), 10**15))
def test_there_and_back(ticks: int) -> None:
    """Ticks survive as seconds, for eleven days to either side."""
    assert to_ticks(to_seconds(ticks)) == ticks


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_order_is_kept(left: float, right: float) -> None:
    """A later time is never an earlier tick."""
    assert (to_ticks(left) <= to_ticks(right)) or left > right


@given(st.floats(0, 1e6, exclude_min=True))
def test_a_positive_time_takes_a_tick(seconds: float) -> None:
    """Any positive time, however short, is at least one tick."""
    assert to_ticks(seconds) >= 1


@pytest.mark.parametrize(("seconds", "ticks"), [(0, 0), (0.0, 0), (-1.5, -1_500_000_000), (1e-12, 1), (0.1, 10**8)])
def test_some_ticks(seconds: float, ticks: int) -> None:
    """A tick is a nanosecond."""
    assert to_ticks(seconds) == ticks


def test_a_thousand_tenths() -> None:
    """A thousand sleeps of 0.1 s are exactly 100 s, where a sum of floats is not."""

    async def sleep() -> None:
        for _ in range(1000):
            await asyncio.sleep(0.1)

    assert functools.reduce(operator.add, [0.1] * 1000) != 100
    assert _run(sleep()) == 100 * TICKS_PER_SECOND


@given(st.lists(st.integers(0, 3), max_size=30))
def test_ties_keep_their_order(delays: list[int]) -> None:
    """Timers run by time; timers of one time run in the order in which they were made."""
    order: list[tuple[int, int]] = []

    async def schedule() -> None:
        loop = asyncio.get_running_loop()
        for number, delay in enumerate(delays):
            loop.call_later(delay, order.append, (delay, number))
        await asyncio.sleep(4)

    _run(schedule())
    assert order == sorted((delay, number) for number, delay in enumerate(delays))


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20))
def test_sleeps_add_up(ticks: list[int]) -> None:
    """Sleeps one after another take exactly the sum of their ticks."""

    async def sleep() -> None:
        for some in ticks:
            await asyncio.sleep(to_seconds(some))

    assert _run(sleep()) == sum(ticks)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=20))
def test_sleeps_overlap(seconds: list[float]) -> None:
    """Sleeps at once take exactly the longest of them."""

    async def sleep() -> None:
        await asyncio.gather(*map(asyncio.sleep, seconds))

    assert _run(sleep()) == max(map(to_ticks, seconds))


def test_a_cancelled_timer() -> None:
    """A cancelled timer neither runs nor holds time up."""

    async def sleep() -> None:
        loop = asyncio.get_running_loop()
        timers = [loop.call_later(number, lambda: None) for number in range(1, 200)]
        for timer in timers:
            timer.cancel()
        await asyncio.sleep(0.5)

    assert _run(sleep()) == TICKS_PER_SECOND // 2


def test_sleep_without_end() -> None:
    """A sleep of infinite length does not stop the loop's clock."""

    async def sleep() -> None:
        task = asyncio.create_task(asyncio.sleep(float("inf")))
        await asyncio.sleep(1)
        task.cancel()

    assert _run(sleep()) == TICKS_PER_SECOND


def test_nothing_to_wait_for() -> None:
    """A judge that waits for nothing is told so, in place of hanging."""
    with pytest.raises(RuntimeError, match="nothing will bring about"):
        _run(asyncio.Event().wait())


def _run(coro: object) -> int:
    loop = JudgeLoop()
    try:
        loop.run_until_complete(coro)  # type: ignore[arg-type]
        return loop.now()
    finally:
        loop.close()
