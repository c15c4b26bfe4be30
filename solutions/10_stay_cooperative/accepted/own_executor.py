import asyncio
from concurrent.futures import ThreadPoolExecutor


async def checksum(blocks, digest):
    loop = asyncio.get_running_loop()
    total = 0
    with ThreadPoolExecutor(1) as pool:
        for block in blocks:
            total += await loop.run_in_executor(pool, digest, block)
    return total
