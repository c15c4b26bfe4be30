import asyncio
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


async def blocking(costs):
    async def compute(cost):
        time.sleep(cost)

    await asyncio.gather(*map(compute, costs))


def sequential(delays):
    start = time.monotonic_ns()
    asyncio.run(blocking(delays))
    return (time.monotonic_ns() - start) / 1e9


def concurrent(delays):
    async def wait():
        loop = asyncio.get_running_loop()
        start = loop.time()
        await asyncio.wait(
            [asyncio.ensure_future(asyncio.sleep(delay)) for delay in delays] or [loop.create_task(no())]
        )
        return loop.time() - start

    async def no():
        pass

    with asyncio.Runner() as runner:
        return runner.run(wait())


def _in_pool(pool, costs):
    start = time.time()
    for future in [pool.submit(time.sleep, cost) for cost in costs]:
        future.result()
    return time.time() - start


def limited(delays, limit):
    with ThreadPoolExecutor(max_workers=limit) as pool:
        return _in_pool(pool, delays)


def on_cores(costs, cores, tool):
    if tool != "processes":
        return sequential(costs)
    with ProcessPoolExecutor(max_workers=cores) as pool:
        return _in_pool(pool, costs)


def exhibition(opponents, think, reply, pairs):
    async def game(judit):
        for _ in range(pairs):
            await judit.acquire()
            await asyncio.sleep(think)
            judit.release()
            await asyncio.sleep(reply)

    async def evening(at_once):
        loop, judit = asyncio.get_running_loop(), asyncio.Semaphore(1)
        start = loop.time()
        games = [game(judit) for _ in range(opponents)]
        if at_once:
            await asyncio.gather(*games)
        else:
            for one in games:
                await one
        return loop.time() - start

    return asyncio.run(evening(False)), asyncio.run(evening(True))
