async def compute(blocks, digest):
    total = 0
    for block in blocks:
        total += digest(block)
    return total


async def checksum(blocks, digest):
    return await compute(blocks, digest)  # <-- here
