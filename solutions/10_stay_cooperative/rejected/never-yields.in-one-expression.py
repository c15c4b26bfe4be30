async def checksum(blocks, digest):
    return sum(map(digest, blocks))  # <-- here
