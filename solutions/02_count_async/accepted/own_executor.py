import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial


async def count(emit, pause=1.0):
    emit("One")
    with ThreadPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, partial(time.sleep, pause))
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*[count(emit, pause)] + [count(emit, pause) for _ in range(2)])
