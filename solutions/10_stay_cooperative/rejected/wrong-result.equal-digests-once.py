import asyncio


async def checksum(blocks, digest):
    digests = set()
    for block in blocks:
        digests.add(await asyncio.to_thread(digest, block))
    return sum(digests)  # <-- here
