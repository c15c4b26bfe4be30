"""What is checked in 90 breakfast, the task of most examples of diagnoses. Nothing is random: each run tells the same."""

import asyncio
import contextlib

import pytest

from grader.expect import expect_equal

FUNCTIONS = {"breakfast": "async"}
DISHES = ["tea", "toast", "eggs", "porridge", "juice", "fruit"]


class Kitchen:
    """Where a dish takes as many delays as `slow` says (1 by default), and those in `burnt` fail."""

    def __init__(self, delay):
        self.delay, self.slow, self.burnt = delay, {}, set()

    async def cook(self, dish):
        await asyncio.sleep(self.slow.get(dish, 1) * self.delay)
        if dish in self.burnt:
            raise ValueError(f"the {dish} is burnt")
        return f"fresh {dish}"


async def one_delay(submission):
    with submission.takes(1, at_most=1.8, serial=len(DISHES)):
        served = await submission.breakfast(DISHES, Kitchen(submission.delay).cook)
        expect_equal(served, [f"fresh {dish}" for dish in DISHES], "breakfast")


@pytest.mark.check(points=2, horizon=1000)
async def test_one_delay(submission):
    """Six dishes take one delay."""
    await one_delay(submission)


@pytest.mark.check(horizon=1000)
async def test_order(submission):
    """Each dish is in its place."""
    kitchen = Kitchen(submission.delay)
    kitchen.slow = dict(zip(DISHES, [3, 1, 2, 2.5, 0.5, 1.5], strict=True))
    served = await submission.breakfast(DISHES, kitchen.cook)
    expect_equal(served, [f"fresh {dish}" for dish in DISHES], "breakfast")


@pytest.mark.check(horizon=1000)
async def test_burnt(submission):
    """When a dish burns, the error reaches the caller."""
    kitchen = Kitchen(submission.delay)
    kitchen.burnt = {"toast"}
    with submission.raises("ValueError", because="the toast burnt"):
        await submission.breakfast(DISHES, kitchen.cook)


@pytest.mark.check(horizon=1000)
async def test_nothing_left(submission):
    """When it has ended, nothing of it is left running."""
    await submission.breakfast(DISHES, Kitchen(submission.delay).cook)
    await submission.leaves_nothing_behind()


@pytest.mark.check(horizon=1000)
async def test_cancelled(submission):
    """A guest who leaves ends the cooking."""
    kitchen = Kitchen(submission.delay)
    kitchen.slow = dict.fromkeys(DISHES, 5)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2 * submission.delay):
            await submission.breakfast(DISHES, kitchen.cook)


@pytest.mark.check(horizon=1000)
async def test_second_run(submission):
    """A second asyncio.run() works as the first."""
    for _ in range(2):
        await submission.breakfast(DISHES, Kitchen(submission.delay).cook)
        await submission.new_loop()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission):
    """And so on the real clock."""
    await one_delay(submission)
