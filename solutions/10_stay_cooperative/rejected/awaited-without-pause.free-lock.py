import asyncio


async def checksum(blocks, digest):
    lock = asyncio.Lock()
    total = 0

    async def add(block):
        nonlocal total
        async with lock:
            total += digest(block)

    for block in blocks:
        await add(block)  # <-- here
    return total
