import asyncio


async def checksum(blocks, digest):
    async def compute():
        return sum(map(digest, blocks))

    return asyncio.run(compute())  # <-- here
