import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(count(emit, pause))
