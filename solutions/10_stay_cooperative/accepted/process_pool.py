import asyncio
from concurrent.futures import ProcessPoolExecutor


async def checksum(blocks, digest):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2) as pool:
        return sum(await asyncio.gather(*(loop.run_in_executor(pool, digest, block) for block in blocks)))
