import asyncio


async def step(log, name, pause):
    log(f"{name}: starting")
    await asyncio.sleep(pause)
    log(f"{name}: done")


async def run_ab(log, unit):
    a = asyncio.create_task(step(log, "A", 2 * unit))
    b = asyncio.create_task(step(log, "B", unit))
    await a
    await b


def predictions():
    said = {}
    said["p1"] = ["A: starting", "B: starting", "B: done", "A: done"]
    said["p2"] = [f"a{number}" for number in (1, 2, 3)] + ["main", "b"]
    said["p3"] = ["b"] + [f"a{number}" for number in (1, 2, 3)] + ["main"]
    said["p4"] = "main, b, main again".split(", ")
    said["p5"] = "main, b, after the group".split(", ")
    said["p6"] = ["in the lock"]
    said["p6"] += ["after the queue", "b"]
    said["p7"] = ["egg is done", "pasta is done", "pasta", "egg"]
    return said
