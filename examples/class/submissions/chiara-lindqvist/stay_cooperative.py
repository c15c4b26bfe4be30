import asyncio


async def checksum(blocks, digest):
    await asyncio.sleep(0)
    total = 0
    for block in blocks:
        total += digest(block)
    return total
