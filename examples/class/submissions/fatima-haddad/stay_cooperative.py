import asyncio


async def checksum(blocks, digest):
    async def one(block):
        return digest(block)

    return sum(await asyncio.gather(*(one(block) for block in blocks)))
