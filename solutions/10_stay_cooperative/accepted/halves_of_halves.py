import asyncio


async def checksum(blocks, digest):
    if len(blocks) < 2:
        await asyncio.sleep(0)
        return digest(blocks[0]) if blocks else 0
    middle = len(blocks) // 2
    return await checksum(blocks[:middle], digest) + await checksum(blocks[middle:], digest)
