import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    running = set()
    for _ in range(3):
        task = asyncio.create_task(count(emit, pause))
        running.add(task)
        task.add_done_callback(running.discard)
    while running:
        await asyncio.wait(running)
