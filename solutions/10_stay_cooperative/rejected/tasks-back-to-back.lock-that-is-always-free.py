import asyncio


async def checksum(blocks, digest):
    lock = asyncio.Lock()

    async def one(block):
        async with lock:
            return digest(block)

    async with asyncio.TaskGroup() as group:  # <-- here
        tasks = [group.create_task(one(block)) for block in blocks]
    return sum(task.result() for task in tasks)
