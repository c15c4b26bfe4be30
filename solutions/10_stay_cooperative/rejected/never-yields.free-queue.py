import asyncio


async def checksum(blocks, digest):
    queue = asyncio.Queue()
    for block in blocks:
        await queue.put(block)
    total = 0
    while not queue.empty():
        total += digest(await queue.get())  # <-- here
    return total
