import asyncio


async def checksum(blocks, digest):
    for block in blocks:
        await asyncio.to_thread(digest, block)
    return sum(digest(block) for block in blocks)  # <-- here
