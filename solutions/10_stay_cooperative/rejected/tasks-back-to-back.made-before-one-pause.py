import asyncio


async def checksum(blocks, digest):
    async def one(block):
        return digest(block)

    tasks = [asyncio.ensure_future(one(block)) for block in blocks]
    await asyncio.sleep(0)  # <-- here
    return sum([await task for task in tasks])
