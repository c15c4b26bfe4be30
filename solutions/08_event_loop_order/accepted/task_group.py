import asyncio


async def run_ab(log, unit):
    async def wait(name, seconds):
        log(name + ": starting")
        await asyncio.sleep(seconds)
        log(name + ": done")

    async with asyncio.TaskGroup() as group:
        for name, seconds in {"A": 2 * unit, "B": unit}.items():
            group.create_task(wait(name, seconds), name=name)


from types import MappingProxyType

ANSWERS = MappingProxyType(
    {
        "p1": ("A: starting", "B: starting", "B: done", "A: done"),
        "p2": ("a1", "a2", "a3", "main", "b"),
        "p3": ("b", "a1", "a2", "a3", "main"),
        "p4": ("main", "b", "main again"),
        "p5": ("main", "b", "after the group"),
        "p6": ("in the lock", "after the queue", "b"),
        "p7": ("egg is done", "pasta is done", "pasta", "egg"),
    }
)


def predictions():
    return {name: list(said) for name, said in ANSWERS.items()}
