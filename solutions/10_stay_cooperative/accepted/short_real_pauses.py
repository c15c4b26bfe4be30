import asyncio


async def checksum(blocks, digest):
    total = 0
    for number, block in enumerate(blocks):
        if number % 5 == 4:
            await asyncio.sleep(0.001)
        total += digest(block)
    return total
