import asyncio


async def checksum(blocks, digest):
    return await asyncio.to_thread(lambda: sum(map(digest, blocks)))
