import asyncio


async def checksum(blocks, digest):
    total = 0
    for number, block in enumerate(blocks, 1):
        total += digest(block)
        if number % 4 == 0:
            await asyncio.sleep(0)
    return total
