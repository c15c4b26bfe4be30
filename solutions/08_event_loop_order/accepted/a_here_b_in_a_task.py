import asyncio


async def run_ab(log, unit):
    async def b():
        log("B: starting")
        await asyncio.sleep(unit)
        log("B: done")

    task = asyncio.ensure_future(b())
    log("A: starting")
    await asyncio.sleep(2 * unit)
    log("A: done")
    await task


def predictions():
    return dict(
        p1=["A: starting", "B: starting", "B: done", "A: done"],
        p2=["a1", "a2", "a3", "main", "b"],
        p3=["b", "a1", "a2", "a3", "main"],
        p4=["main", "b", "main again"],
        p5=["main", "b", "after the group"],
        p6=["in the lock", "after the queue", "b"],
        p7=["egg is done", "pasta is done", "pasta", "egg"],
    )
