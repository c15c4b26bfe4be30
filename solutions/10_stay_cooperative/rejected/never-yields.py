async def checksum(blocks, digest):
    total = 0
    for block in blocks:
        total += digest(block)  # <-- here
    return total
