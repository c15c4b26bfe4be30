import asyncio
import time


async def checksum(blocks, digest):
    total, last = 0, time.perf_counter()
    for block in blocks:
        total += digest(block)
        if time.perf_counter() - last > 0.012:
            await asyncio.sleep(0)
            last = time.perf_counter()
    return total
