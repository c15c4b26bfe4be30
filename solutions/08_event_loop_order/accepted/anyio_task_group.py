import anyio


async def run_ab(log, unit):
    async def step(name, seconds):
        log(f"{name}: starting")
        await anyio.sleep(seconds)
        log(f"{name}: done")

    async with anyio.create_task_group() as group:
        group.start_soon(step, "A", 2 * unit)
        group.start_soon(step, "B", unit)


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
