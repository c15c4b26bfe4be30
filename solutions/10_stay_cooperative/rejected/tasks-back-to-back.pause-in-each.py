import asyncio


async def checksum(blocks, digest):
    async def one(block):
        await asyncio.sleep(0)
        number = digest(block)
        await asyncio.sleep(0)
        return number

    async with asyncio.TaskGroup() as group:  # <-- here
        tasks = [group.create_task(one(block)) for block in blocks]
    return sum(task.result() for task in tasks)
