import asyncio


async def checksum(blocks, digest):
    total = 0
    for start in range(0, len(blocks), 6):
        total += sum(digest(block) for block in blocks[start : start + 6])
        await asyncio.sleep(0)
    return total
