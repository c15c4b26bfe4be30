import asyncio


async def run_ab(log, unit):
    async def step(name, pause):
        log(f"{name}: starting")
        await asyncio.sleep(pause)
        log(f"{name}: done")  # <-- here

    await asyncio.gather(step("A", unit), step("B", 2 * unit))


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
