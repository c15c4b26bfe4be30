from concurrent.futures import ThreadPoolExecutor


async def checksum(blocks, digest):
    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(digest, blocks))  # <-- here
