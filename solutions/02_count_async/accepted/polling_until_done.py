import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    tasks = [asyncio.create_task(count(emit, pause)) for _ in range(3)]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(pause / 20)
