import asyncio


async def run_ab(log, unit):
    lines = asyncio.Queue()

    async def step(name, seconds):
        await lines.put(f"{name}: starting")
        await asyncio.sleep(seconds)
        await lines.put(f"{name}: done")

    async with asyncio.TaskGroup() as group:
        group.create_task(step("A", 2 * unit))
        group.create_task(step("B", unit))
        for _ in range(4):
            log(await lines.get())


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
