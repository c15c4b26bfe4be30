import asyncio


async def checksum(blocks, digest):
    total = 0
    for number, block in enumerate(blocks):
        if number % 8 == 0:
            await asyncio.sleep(0)
        total += digest(block)
    return total
