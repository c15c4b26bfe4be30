import asyncio
from concurrent.futures import ProcessPoolExecutor

digests = {}


def keep(digest, block):
    digests[block] = digest(block)


async def checksum(blocks, digest):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2) as pool:
        await asyncio.gather(*(loop.run_in_executor(pool, keep, digest, block) for block in blocks))
    return sum(digests[block] for block in blocks)  # <-- here
