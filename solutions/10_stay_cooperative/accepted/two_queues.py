import asyncio


async def checksum(blocks, digest):
    todo, done = asyncio.Queue(1), asyncio.Queue(1)

    async def worker():
        while True:
            await done.put(digest(await todo.get()))

    task = asyncio.create_task(worker())
    total = 0
    for block in blocks:
        await todo.put(block)
        total += await done.get()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return total
