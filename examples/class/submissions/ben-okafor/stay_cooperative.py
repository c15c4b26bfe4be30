import asyncio


async def checksum(blocks, digest)
    total = 0
    for block in blocks:
        total += digest(block)
        await asyncio.sleep(0)
    return total
