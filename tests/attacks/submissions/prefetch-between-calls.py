# kind: caching and guessing
# tries: a task that outlives the first call and asks for what the second will want
# exercise: 02_count_async
# outcome: FAIL said-too-late
import asyncio

TASKS = set()


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))

    async def later():
        await asyncio.sleep(pause)
        emit("One")

    TASKS.add(asyncio.create_task(later()))
