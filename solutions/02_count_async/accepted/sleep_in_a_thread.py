import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.to_thread(time.sleep, pause)
    emit("Two")


async def main(emit, pause=1.0):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(count(emit, pause), name=f"count {number}") for number in range(3)]
    assert all(task.done() for task in tasks)
