# kind: fake clocks
# tries: a sleep that takes no time, under a clock that says it did
# exercise: 02_count_async
# outcome: FAIL did-not-wait
import asyncio
import time

ahead = 0.0
monotonic = time.monotonic


async def sleep(seconds, result=None):
    global ahead
    ahead += seconds
    return result


time.monotonic = time.perf_counter = time.time = lambda: monotonic() + ahead
asyncio.sleep = asyncio.tasks.sleep = sleep


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    for _ in range(3):
        await count(emit, pause)
