async def add(total, block, digest):
    return total + digest(block)


async def checksum(blocks, digest):
    total = 0
    for block in blocks:
        total = await add(total, block, digest)
    return total
