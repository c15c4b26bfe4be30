import asyncio


async def checksum(blocks, digest):
    async def one(block):
        return digest(block)

    total = 0
    for start in range(0, len(blocks), 10):
        total += sum(await asyncio.gather(*map(one, blocks[start : start + 10])))  # <-- here
    return total
