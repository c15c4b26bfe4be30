import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    tasks = [asyncio.create_task(count(emit, pause)) for _ in range(3)]  # <-- here
    await asyncio.wait(tasks, timeout=pause / 2)
