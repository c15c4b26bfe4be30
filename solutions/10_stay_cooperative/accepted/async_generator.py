import asyncio


async def digests(blocks, digest):
    for block in blocks:
        yield digest(block)
        await asyncio.sleep(0)


async def checksum(blocks, digest):
    return sum([number async for number in digests(blocks, digest)])
