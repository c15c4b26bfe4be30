import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    time.sleep(pause)  # <-- here
    await asyncio.sleep(0)
    emit("Two")


async def main(emit, pause=1.0):
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(count(emit, pause))
