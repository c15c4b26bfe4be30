import asyncio


async def checksum(blocks, digest):
    total = number = 0
    for block in blocks:
        total += number
        number = digest(block)
        await asyncio.sleep(0)
    return total  # <-- here
