import asyncio


async def checksum(blocks, digest):
    total = 0
    for start in range(0, len(blocks) - 4, 4):
        total += sum(digest(block) for block in blocks[start : start + 4])
        await asyncio.sleep(0)
    return total  # <-- here
