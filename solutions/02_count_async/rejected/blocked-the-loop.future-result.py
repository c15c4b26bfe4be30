import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def count(emit, pause=1.0):
    emit("One")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, pause).result()  # <-- here
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
