"""Runs a repaired program beside the learner's module, and tells what came of it."""

import asyncio
import inspect

PATIENCE = 10_000  # seconds of the grader's clock


class Door:
    """Opened and closed by `async with` alone; *ask* gives what is behind it."""

    def __init__(self, ask):
        self.ask, self.opened, self.closed = ask, 0, 0

    def __call__(self, x):
        self.x = x
        return Doorway(self)


class Doorway:
    def __init__(self, door):
        self._door = door

    async def __aenter__(self):
        self._door.opened += 1
        return await self._door.ask(self._door.x)

    async def __aexit__(self, *_):
        self._door.closed += 1


class Items:
    """What gen(x) returns: a generator for `for`, an asynchronous one for `async for`."""

    def __init__(self, items):
        self._items = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._items)

    def __aiter__(self):
        return self

    async def __anext__(self):
        for item in self._items:
            return item
        raise StopAsyncIteration

    def close(self):
        self._items = iter(())

    async def aclose(self):
        self.close()


async def repaired_program(_, source, name, x, *, ask, items):
    """Run *source* and call its function *name* with *x*; return what was seen, as a dict.

    refused: what the compiler said. missing: there is no such function. raised: an exception. kind: what the call
    returned; value: what that gave when it was awaited; items: what it gave to `async for`. doors: opened and closed.
    """
    try:
        code = compile(source, "<repaired>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return {"refused": f"{getattr(error, 'msg', error)} (line {getattr(error, 'lineno', None) or 1})"}

    async def z(x):
        return await ask(x)

    door = Door(ask)
    names = {"__name__": "repaired", "z": z, "gen": lambda _: Items(items), "door": door}
    patience = None
    try:
        exec(code, names)  # noqa: S102 - in the learner's own process
        if not callable(names.get(name)):
            return {"missing": True}
        async with asyncio.timeout(PATIENCE) as patience:
            seen = await _used(names[name](x))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the program is the learner's
        why = f"it had not ended after {PATIENCE} seconds" if patience is not None and patience.expired() else error
        return {"raised": f"{type(error).__name__}: {why}"}
    return {**seen, "doors": [door.opened, door.closed]}


async def _used(result):
    if hasattr(result, "__aiter__"):
        return {"kind": "stream", "items": [item async for item in result]}
    if inspect.isawaitable(result):
        return {"kind": "awaitable", "value": await result}
    kind = "a plain generator" if inspect.isgenerator(result) else f"a plain {type(result).__name__}"
    return {"kind": kind}
