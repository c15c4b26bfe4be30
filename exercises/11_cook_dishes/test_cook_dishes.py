"""What the grader checks in 11 cook_dishes."""

import asyncio
import random

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {"cook_dish": "async", "cook_all": "async"}


class Kitchen:
    """A stove and a log. A minute is a part of a delay; who is in `slow` takes so many minutes instead of its own."""

    def __init__(self, delay):
        self.minute, self.slow = delay / 10, {}
        self.lines, self.cooked = [], {}

    def log(self, line):
        self.lines.append(line)

    async def simmer(self, name, minutes):
        self.cooked[name] = minutes
        await asyncio.sleep(self.slow.get(name, minutes) * self.minute)

    def expect_cooked(self, dishes):
        missing = [name for name in dishes if name not in self.cooked]
        if missing:
            seen = f"simmer was never called for {missing[0]!r}; only the stove knows how long a dish takes."
            fail(
                "not-on-the-stove", "not on the stove", seen, hint="let a dish cook with `await simmer(name, minutes)`."
            )
        for name, minutes in dishes.items():
            if self.cooked[name] != minutes:
                seen = f"{name!r} was on the stove for {self.cooked[name]!r} minutes; the menu says {minutes:g}."
                hint = "hand the minutes on to simmer as they are."
                fail("not-on-the-stove", "not on the stove long enough", seen, hint=hint)

    def expect_log(self, started, finished):
        expected = [*(f"Starting {name}" for name in started), *(f"Finished {name}" for name in finished)]
        if self.lines == expected:
            return
        starts = [line for line in self.lines if str(line).startswith("Starting")]
        if starts != expected[: len(started)] and sorted(map(str, starts)) == sorted(expected[: len(started)]):
            seen = f"the dishes were started as {starts}; the menu says {list(started)}."
            hint = "make the tasks first, in the order of the menu; a set of coroutines has no order."
            fail("started-in-another-order", "not started in the order of the menu", seen, hint=hint)
        hint = "each dish writes its own two lines: one before it simmers, one right after."
        if sorted(map(str, self.lines)) == sorted(expected) and starts == expected[: len(started)]:
            seen = f"the log said {self.lines[len(started) :]} at the end; the dishes were done as {list(finished)}."
            fail("logged-too-late", "the log does not say when", seen, hint=hint)
        expect_equal(self.lines, expected, "the log")


def menu(size):
    """Return dishes in a random order, none of which is done at the same time as another."""
    minutes = random.sample(range(2, 4 * size), size)
    return {f"dish {number}": float(time) for number, time in zip(random.sample(range(100), size), minutes)}


@pytest.mark.check(picture=False)
async def test_one_dish(submission):
    """One dish says when it starts and when it is done."""
    kitchen = Kitchen(submission.delay)
    with submission.takes(1, at_most=1, serial=1):
        name = await submission.cook_dish("soup", 10, kitchen.log, kitchen.simmer)
        kitchen.expect_cooked({"soup": 10})
    kitchen.expect_log(["soup"], ["soup"])
    expect_equal(name, "soup", "what cook_dish returned")


async def at_once(submission, dishes, at_most):
    kitchen = Kitchen(submission.delay)
    ideal, serial = max(dishes.values()) / 10, sum(dishes.values()) / 10
    with submission.takes(ideal, at_most=ideal + at_most, serial=serial):
        finished = await submission.cook_all(dishes, kitchen.log, kitchen.simmer)
        kitchen.expect_cooked(dishes)
    expect_finished(finished, dishes, dishes)
    kitchen.expect_log(dishes, sorted(dishes, key=dishes.get))


def expect_finished(finished, dishes, minutes):
    """Expect the names in the order in which they were done; *minutes*: what each took."""
    expected = sorted(dishes, key=minutes.get)
    if finished == list(dishes) != expected:
        seen = f"the names came in the order of the menu, {finished}; they were done as {expected}."
        hint = "gather answers in the order of the question; note each dish at the moment when it is done."
        fail("menu-order", "the order of the menu", seen, hint=hint)
    if finished == sorted(dishes, key=dishes.get) != expected:
        seen = f"the names came in the order of their minutes, {finished}; the stove was slower, and it was {expected}."
        hint = "do not predict it from the minutes; note each dish at the moment when it is done."
        fail("predicted-order", "predicted, not observed", seen, hint=hint)
    expect_equal(finished, expected, "the names")


@pytest.mark.check(points=2)
async def test_pasta_and_salad(submission):
    """Pasta is started first, salad is done first, and both take as long as the pasta."""
    await at_once(submission, {"pasta": 30.0, "salad": 10.0}, 0)


async def test_menu(submission):
    """A larger menu takes as long as its slowest dish."""
    await at_once(submission, menu(8), 0)


async def test_slow_stove(submission):
    """The names come in the order in which the dishes were really done."""
    dishes, kitchen = menu(6), Kitchen(submission.delay)
    quickest = min(dishes, key=dishes.get)
    kitchen.slow = {quickest: max(dishes.values()) + 5.5}
    finished = await submission.cook_all(dishes, kitchen.log, kitchen.simmer)
    kitchen.expect_cooked(dishes)
    minutes = {**dishes, **kitchen.slow}
    expect_finished(finished, dishes, minutes)
    kitchen.expect_log(dishes, sorted(dishes, key=minutes.get))


async def test_empty_menu(submission):
    """An empty menu is cooked at once."""
    kitchen = Kitchen(submission.delay)
    expect_equal(await submission.cook_all({}, kitchen.log, kitchen.simmer), [], "the names")
    expect_equal(kitchen.lines, [], "the log")


async def test_again(submission):
    """It works a second time, in a new event loop, and leaves nothing behind."""
    for _ in range(2):
        await submission.new_loop()
        dishes, kitchen = menu(4), Kitchen(submission.delay)
        finished = await submission.cook_all(dishes, kitchen.log, kitchen.simmer)
        expect_finished(finished, dishes, dishes)
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission):
    """And so on the real clock."""
    await at_once(submission, {"pasta": 30.0, "salad": 10.0, "rice": 20.0}, 0.8)
