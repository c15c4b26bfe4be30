"""What the grader checks in 09 native_coroutines."""

import random
import re

import pytest

from grader.evidence import Broken, CheckFailed
from grader.expect import expect_equal, fail

FUNCTIONS = {"stuff": "async", "pipeline": "async", "relay": "stream", "Countdown": "class"}
HORIZON = 100  # virtual seconds; none of these programs needs any

# What a TypeError or RuntimeError says: code, title, mark, hint.
MISUSES = {
    "'Source' object is not iterable": (
        "plain-loop-over-an-async-source",
        "an async iterator needs async for",
        "a plain loop asks for `__iter__`; an async source has `__aiter__`",
        "iterate with `async for`.",
    ),
    "'Source' object is not an iterator": (
        "plain-loop-over-an-async-source",
        "an async iterator needs async for",
        "this asks for `__next__`; an async source has `__anext__`",
        "iterate with `async for`.",
    ),
    "'yield from' a coroutine": (
        "yield-from-a-coroutine",
        "a plain generator cannot yield from a coroutine",
        "here `yield from` wants an iterator",
        "the iterator behind an awaitable is what its `__await__()` returns.",
    ),
    "__await__() returned a coroutine": (
        "await-returned-a-coroutine",
        "__await__ gives a coroutine",
        "a call of this gives a coroutine; `await` wants an iterator from here",
        "write a plain `def` with a `yield`, or return the coroutine's own `__await__()`.",
    ),
    "__await__() returned": (
        "await-returned-no-iterator",
        "__await__ gives no iterator",
        "`await` wants an iterator from here, and each item of it is a suspension",
        "a `def` with a `yield` in it returns one.",
    ),
    "can't be": (
        "not-awaitable",
        "a Countdown cannot be awaited",
        "",
        "what stands after `await` needs a method `__await__`.",
    ),
    "raised StopAsyncIteration": (
        "the-end-raised",
        "the end of the source became an error",
        "at the end of the source this raises StopAsyncIteration, which must not leave an async generator",
        "`async for` ends with its source by itself; around anext(), catch the exception and return.",
    ),
    "ignored GeneratorExit": (
        "yielded-when-closed",
        "yielded again when it was closed",
        "whoever iterated has left; nobody takes what is yielded here",
        "clean up if you like, but do not yield after GeneratorExit.",
    ),
    "cannot reuse": (
        "used-up",
        "a Countdown can be awaited once only",
        "the second `await` gets the coroutine that the first has run to its end",
        "make what is run in `__await__`, which each `await` calls anew.",
    ),
    "bad yield": (
        "yielded-a-value",
        "yielded something to the event loop",
        "what is yielded here goes to the event loop, which understands None and futures only",
        "use a bare `yield`; the result is what is returned.",
    ),
}


def at(submission, number):
    first = submission.line(r"\S")
    return first._replace(number=number) if first is not None and number else None


async def plainly(call):
    """Await *call*; a file that still is old code cannot be loaded, and is told so."""
    try:
        return await call
    except CheckFailed as failed:
        error = failed.failure.error if isinstance(failed.failure, Broken) else None
        if error is not None and "asyncio" in error.message and "'coroutine'" in error.message:
            fail(
                "removed-from-asyncio",
                "asyncio.coroutine is gone",
                f"{error.name}: {error.message.partition(' (')[0]}.",
                line=error.line,
                mark="Python 3.11 removed this decorator",
                hint="`async def` replaces it; inside, `await` replaces `yield from`.",
            )
        if error is not None and error.syntax is not None and "'yield from' inside" in error.syntax["why"]:
            fail(
                "yield-from-in-async-def",
                "yield from inside async def",
                f"SyntaxError: {error.syntax['why']}.",
                line=error.syntax["line"],
                mark="`async def` and `yield from` do not go together",
                hint="for a result, write `await`; for a stream, `async for` and `yield`.",
            )
        raise


def expect_no_misuse(submission, seen, where):
    if seen["how"] != "misused":
        return
    for words, (code, title, mark, hint) in MISUSES.items():
        if words in seen["value"]:
            number = 0 if code == "used-up" else seen["line"]
            line = at(submission, number) or submission.definition(where) or submission.definition("Countdown")
            fail(code, title, f"{seen['value']}.", line=line, mark=mark, hint=hint)
    line, name = at(submission, seen["line"]), seen["value"].partition(":")[0]
    fail("raised", f"raised {name}", f"{seen['value']}.", line=line, mark="raised here")


# -- stuff and pipeline ------------------------------------------------------------------------------------


async def test_stuff(submission):
    """stuff gives its three numbers."""
    expect_equal(await plainly(submission.stuff()), (0x10, 0x20, 0x30), "what stuff gives")


async def test_pipeline(submission):
    """pipeline awaits stuff, and gives the sum."""
    expect_equal(await plainly(submission.pipeline()), 0x60, "what pipeline gives")
    for _ in range(3):
        numbers = random.sample(range(100, 999), 3)
        seen = await submission.inside.pipeline(numbers)
        if seen["value"] == 0x60:
            text = f"stuff gave {tuple(numbers)} this time, and pipeline still gave {0x60}."
            hint = "pipeline takes its numbers from `await stuff()`, whatever they are."
            fail("did-not-ask-stuff", "did not await stuff", text, hint=hint)
        expect_equal(seen["value"], sum(numbers), f"what pipeline gives when stuff gives {tuple(numbers)}")
    await submission.leaves_nothing_behind()


async def test_native(submission):
    """Both are native coroutines, all the way down."""
    kind, line = await plainly(submission.inside.stuff())
    expect_native(submission, "stuff", kind, line)
    seen = await submission.inside.pipeline([1, 2, 3])
    expect_native(submission, "pipeline", seen["kind"], seen["disguised"])


def expect_native(submission, name, kind, line):
    if line:
        seen = f"calling {name}() gives a generator; a native coroutine was expected."
        if kind != "generator":
            seen = f"{name}() gives a native coroutine, which awaits a generator."
        mark = "this makes a generator, which a flag allows to stand after `await`"
        hint = "write `async def`, without a decorator, and `await` in place of `yield from`."
        fail("generator-based", "a generator in disguise", seen, line=at(submission, line), mark=mark, hint=hint)
    if kind != "coroutine":
        seen = f"calling {name}() gives a {kind}; a native coroutine was expected."
        line = submission.definition(name)
        fail("not-native", f"{name}() is no native coroutine", seen, line=line, hint=f"write `async def {name}`.")


# -- relay -------------------------------------------------------------------------------------------------


async def relayed(submission, items, **how):
    seen = await plainly(submission.inside.relay(items, **how))
    expect_no_misuse(submission, seen, "relay")
    if seen["kind"] != "async generator":
        what = seen["kind"] if seen["value"] is None else f"{seen['kind']} that returns {seen['value']!r}"
        fail(
            "not-an-async-generator",
            "relay() is no async generator",
            f"calling relay() gives a {what}; an async generator was expected.",
            line=at(submission, seen["line"]) or submission.definition("relay"),
            mark="it takes both: `async def`, and a `yield` inside",
            hint="hand on each item with `yield` as soon as it comes.",
        )
    return seen


def some_items(count):
    return random.sample([0, *random.sample(range(-99, 99), count - 2), 0], count)


def expect_zeros(submission, seen, items):
    if 0 in items and seen == items[: items.index(0)]:
        text = f"the source has {len(items)} items; relay ended before item {len(seen) + 1}, which is 0."
        hint = "0 is false, and yet an item; only StopAsyncIteration is the end."
        line = submission.definition("relay")
        fail("took-zero-for-the-end", "stopped at an item that is 0", text, line=line, hint=hint)


async def test_relay(submission):
    """relay yields each item of its source, in order, and ends with it."""
    for items in ([], [random.randint(1, 9)], some_items(12)):
        seen = await relayed(submission, items)
        expect_zeros(submission, seen["items"], items)
        expect_equal(seen["items"], items, f"what came out of relay of {len(items)} items")


async def test_relay_is_lazy(submission):
    """relay takes one item for each that it is asked for, and can be left early."""
    for leave_after in random.sample(range(2, 9), 2):
        items = some_items(leave_after + 5)
        seen = await relayed(submission, items, leave_after=leave_after)
        for number, taken in enumerate(seen["taken"], 1):
            if taken > number:
                fail(
                    "took-too-many",
                    "took more than it was asked for",
                    f"for its item {number}, relay had taken {taken} items out of the source.",
                    line=submission.definition("relay"),
                    mark="a source may be endless, and each of its items may take a while",
                    hint="yield each item before you ask for the next one.",
                )
        expect_equal(seen["items"], items[:leave_after], f"the first {leave_after} items of relay")
    await submission.leaves_nothing_behind()


def catching_line(submission):
    """Return the first line below relay that catches exceptions, or that of its definition."""
    relay = submission.definition("relay")
    for number, text in enumerate(submission.source.splitlines(), 1):
        if re.search(r"\bexcept\b|\bsuppress\(", text.partition("#")[0]) and (relay is None or number > relay.number):
            return at(submission, number)
    return relay


async def test_relay_fails(submission):
    """An error of the source reaches whoever iterates."""
    items, text = some_items(4), f"number {random.randint(100, 999)}"
    seen = await relayed(submission, items, error=text)
    expect_equal(seen["items"], items, "what came out of relay before the source failed")
    if seen["how"] != "planned":
        fail(
            "lost-the-error",
            "the source's error did not arrive",
            f"after 4 items the source raised ValueError: {text}; whoever iterates saw relay end as if all were well.",
            line=catching_line(submission),
            hint="do not catch what you cannot mend.",
        )


# -- Countdown ---------------------------------------------------------------------------------------------


async def expect_countdown(submission, n, times=1):
    found = await plainly(submission.inside.Countdown(n, times))
    for again, seen in zip(["", ", awaited a second time,"], found, strict=False):
        expect_no_misuse(submission, seen, "__await__")
        what, line = f"`await Countdown({n})`{again}", submission.definition("__await__")
        if seen["value"] is None:
            hint = "the value of an `await` is what `__await__` returns at its end, with `return`."
            fail("lost-the-value", "the await gave None", f"{what} gave None; expected {n}.", line=line, hint=hint)
        expect_turns(what, seen["turns"], n, line)
        if seen["value"] != n:
            hint = "return n at the end, whatever you counted with."
            fail("wrong-result", "wrong result", f"{what} gave {seen['value']!r}; expected {n}.", line=line, hint=hint)


def expect_turns(what, turns, n, line):
    if turns == n:
        return
    too, hint = "few", "one bare `yield` for each turn of the others."
    if "second" in what:
        hint = "each `await` calls `__await__` anew: count in there, and leave what the object knows as it is."
    if turns > n:
        too, hint = "many", "a suspension for one turn is a bare `yield`, or asyncio.sleep(0), and nothing longer."
    fail(
        f"too-{too}-turns",
        "did not suspend itself" if turns == 0 else f"too {too} turns for the others",
        f"{what} let another task have {turns} turn{'' if turns == 1 else 's'}; expected {n}.",
        line=line,
        mark="each item that the iterator from here yields is one suspension",
        hint=hint,
    )


@pytest.mark.check(points=2, horizon=HORIZON)
async def test_countdown(submission):
    """await Countdown(n) lets another task have n turns, and gives n."""
    for n in [random.randint(2, 4), random.randint(5, 20), 1]:
        await expect_countdown(submission, n)


@pytest.mark.check(horizon=HORIZON)
async def test_countdowns(submission):
    """Zero suspends nothing; one may be awaited twice; several do not disturb each other."""
    await expect_countdown(submission, 0)
    await expect_countdown(submission, random.randint(3, 9), times=2)
    numbers = random.sample(range(2, 20), 4)
    values = await submission.inside.Countdown_together(numbers)
    expect_equal(values, numbers, "the values of several Countdowns awaited at once")
    await submission.leaves_nothing_behind()
