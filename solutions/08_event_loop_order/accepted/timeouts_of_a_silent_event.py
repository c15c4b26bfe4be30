import asyncio
import contextlib


class Step:
    def __init__(self, name, seconds, log):
        self.name, self.seconds, self.log = name, seconds, log

    def __await__(self):
        return self.run().__await__()

    async def run(self):
        self.log(f"{self.name}: starting")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), self.seconds)
        self.log(f"{self.name}: done")


async def run_ab(log, unit):
    a, b = Step("A", 2 * unit, log), Step("B", unit, log)
    await asyncio.gather(a.run(), b.run())


def predictions():
    return {
        "p1": ["A: starting", "B: starting", "B: done", "A: done"],
        "p2": ["a1", "a2", "a3", "main", "b"],
        "p3": ["b", "a1", "a2", "a3", "main"],
        "p4": ["main", "b", "main again"],
        "p5": ["main", "b", "after the group"],
        "p6": ["in the lock", "after the queue", "b"],
        "p7": ["egg is done", "pasta is done", "pasta", "egg"],
    }
