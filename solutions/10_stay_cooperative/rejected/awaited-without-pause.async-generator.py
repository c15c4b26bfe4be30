async def digests(blocks, digest):
    for block in blocks:
        yield digest(block)


async def checksum(blocks, digest):
    total = 0
    async for number in digests(blocks, digest):  # <-- here
        total += number
    return total
