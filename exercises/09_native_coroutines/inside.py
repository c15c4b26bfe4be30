"""What runs beside the learner's module: things to await and to iterate. It tells what it saw."""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections.abc import Awaitable, Iterator
from typing import Any

# -- what kind of thing a call gives -----------------------------------------------------------------------


def _kind(thing: Any) -> str:
    if inspect.iscoroutine(thing):
        return "coroutine"
    if inspect.isasyncgen(thing):
        return "async generator"
    return "generator" if inspect.isgenerator(thing) else type(thing).__name__


def _first_line(generator: Any) -> int:
    return int(generator.gi_code.co_firstlineno)


async def stuff(module: Any) -> list[Any]:
    """Tell what calling stuff gives, and the line where a generator begins."""
    thing = module.stuff()
    kind, line = _kind(thing), _first_line(thing) if inspect.isgenerator(thing) else 0
    if kind in {"coroutine", "generator"}:
        thing.close()
    return [kind, line]


async def pipeline(module: Any, numbers: list[int]) -> dict[str, Any]:
    """Await pipeline while stuff gives *numbers*.

    kind: what calling it gives; value: its result; disguised: the first line of a generator that the await goes
    through, or 0.
    """
    own, reached, going_on = module.stuff, asyncio.Event(), asyncio.Event()

    async def other_stuff() -> tuple[int, ...]:
        reached.set()
        await going_on.wait()
        return tuple(numbers)

    module.stuff = other_stuff
    try:
        thing = module.pipeline()
        if not inspect.isawaitable(thing):
            return {"kind": _kind(thing), "value": thing, "disguised": 0}
        result, arrival = asyncio.create_task(_result(thing)), asyncio.create_task(reached.wait())
        await asyncio.wait({result, arrival}, return_when=asyncio.FIRST_COMPLETED)
        disguised = next((_first_line(step) for step in _below(thing) if _is_old(module, step)), 0)
        going_on.set()
        reached.set()
        await arrival
        return {"kind": _kind(thing), "value": await result, "disguised": disguised}
    finally:
        module.stuff = own


def _is_old(module: Any, step: Any) -> bool:
    return inspect.isgenerator(step) and step.gi_code.co_filename == module.__file__


async def _result(thing: Awaitable[Any]) -> Any:
    return await thing


def _below(thing: Any) -> Iterator[Any]:
    # Who waits for whom, from the outermost on.
    while inspect.iscoroutine(thing) or inspect.isgenerator(thing):
        yield thing
        thing = thing.cr_await if inspect.iscoroutine(thing) else thing.gi_yieldfrom


# -- relay -------------------------------------------------------------------------------------------------


class Source:
    """An async iterator over *items*, then *endless* more, then it ends or raises *error*. taken: how many were had."""

    def __init__(self, items: list[int], endless: int, error: Exception | None) -> None:
        self.items, self.endless, self.error, self.taken = items, endless, error, 0

    def __aiter__(self) -> Source:
        return self

    async def __anext__(self) -> int:
        if self.taken % 2:
            await asyncio.sleep(0)
        if self.taken < len(self.items) + self.endless:
            self.taken += 1
            return (self.items * (1 + self.endless))[self.taken - 1]
        raise self.error or StopAsyncIteration

    async def aclose(self) -> None:
        """Let a relay close its source, though it need not."""


async def relay(
    module: Any, items: list[int], leave_after: int | None = None, error: str | None = None
) -> dict[str, Any]:
    """Iterate over relay of a source; leave early, or let the source raise ValueError(error) after its items.

    kind: what calling relay gives; items: what arrived; taken: how many the source had given, at each of them.
    how: ``ended``, ``left``, ``planned`` (the source's own error came), ``misused`` (a TypeError, told in value).
    """
    planned = None if error is None else ValueError(error)
    source = Source(items, 0 if leave_after is None else 50, planned)
    stream = module.relay(source)
    seen: dict[str, Any] = {"kind": _kind(stream), "items": [], "taken": [], "how": "ended", "value": None, "line": 0}
    try:
        if seen["kind"] == "coroutine":
            seen["value"] = await stream
        elif seen["kind"] == "generator":
            seen["line"] = _first_line(stream)
        elif seen["kind"] == "async generator":
            await _iterate(stream, source, seen, leave_after or len(items) + 10)
    except Exception as raised:
        seen["how"], seen["line"] = _raised(raised, planned), _line_of(module, raised)
        if not seen["how"]:
            raise
        if not seen["line"] and inspect.isasyncgen(stream) and stream.ag_frame is not None:
            seen["line"] = stream.ag_frame.f_lineno  # it stands at a `yield`
        seen["value"] = f"{type(raised).__name__}: {raised}"
    return seen


async def _iterate(stream: Any, source: Source, seen: dict[str, Any], at_most: int) -> None:
    try:
        async for item in stream:
            seen["items"].append(item)
            seen["taken"].append(source.taken)
            if len(seen["items"]) == at_most:
                seen["how"] = "left"
                break
    finally:
        await stream.aclose()


# -- Countdown ---------------------------------------------------------------------------------------------


async def Countdown(module: Any, n: int, times: int) -> list[dict[str, Any]]:  # noqa: N802 - the class's name
    """Await one Countdown(n) so many times; value and turns of each time: how often another task ran meanwhile."""
    # A trial first. A misused coroutine is told by its error; that nobody awaited it as well is no news.
    depth = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(0)
    try:
        trial = await _turns(module, module.Countdown(1), 20)
    finally:
        sys.set_coroutine_origin_tracking_depth(depth)
    if trial["how"] != "returned":
        return [trial]
    countdown = module.Countdown(n)
    return [await _turns(module, countdown, 3 * n + 20) for _ in range(times)]


async def Countdown_together(module: Any, numbers: list[int]) -> list[Any]:  # noqa: N802
    """Await a Countdown of each number, all at once; the values."""
    countdowns = [module.Countdown(n) for n in numbers]
    return list(await asyncio.gather(*map(_result, countdowns)))


async def _turns(module: Any, countdown: Any, at_most: int) -> dict[str, Any]:
    turns, over = 0, False

    async def other() -> None:
        nonlocal turns
        while not over and turns < at_most:
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(other())
    seen: dict[str, Any] = {"how": "returned", "value": None, "line": 0}
    try:
        seen["value"] = await countdown
        seen["turns"] = turns
    except Exception as raised:
        seen["how"], seen["line"] = _raised(raised, None), _line_of(module, raised)
        if not seen["how"]:
            raise
        seen["value"] = f"{type(raised).__name__}: {raised}"
    finally:
        over = True
        await others
    return seen


# -- exceptions --------------------------------------------------------------------------------------------


def _raised(raised: Exception, planned: Exception | None) -> str:
    # What comes from mixing up the protocols is told; anything else flies on.
    if planned is not None and raised is planned:
        return "planned"
    words = {
        TypeError: ["'Source' object", "'yield from' a coroutine", "__await__()", "'Countdown'", "object Countdown"],
        RuntimeError: ["bad yield", "raised StopAsyncIteration", "ignored GeneratorExit", "cannot reuse"],
    }
    return "misused" if any(word in str(raised) for word in words.get(type(raised), [])) else ""


def _line_of(module: Any, raised: BaseException | None) -> int:
    # The innermost of the learner's; an error made of another one may have no line, and that one has.
    if raised is None:
        return 0
    steps = traceback.walk_tb(raised.__traceback__)
    lines = [line for frame, line in steps if frame.f_code.co_filename == module.__file__]
    return lines[-1] if lines else _line_of(module, raised.__cause__)
