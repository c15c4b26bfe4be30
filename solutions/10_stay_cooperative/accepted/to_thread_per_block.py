import asyncio


async def checksum(blocks, digest):
    return sum(await asyncio.gather(*(asyncio.to_thread(digest, block) for block in blocks)))
