import asyncio
import time


def sequential(delays):
    start = time.time()
    for delay in delays:
        time.sleep(delay)
    return time.time() - start


def concurrent(delays):
    return limited(delays, len(delays))


def limited(delays, limit):
    async def main():
        start, running = time.time(), set()
        for delay in delays:
            if len(running) >= limit:
                _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running.add(asyncio.create_task(asyncio.sleep(delay)))
        if running:
            await asyncio.wait(running)
        return time.time() - start

    return asyncio.run(main())


def on_cores(costs, cores, tool):
    async def compute(cost):
        time.sleep(cost)

    async def main():
        start = time.time()
        await asyncio.gather(*map(compute, costs))
        return time.time() - start

    return limited(costs, cores) if tool == "processes" else asyncio.run(main())


def exhibition(opponents, think, reply, pairs):
    now, ready = 0, [0] * opponents
    for move in range(opponents * pairs):
        now = max(now, ready[move % opponents]) + think
        ready[move % opponents] = now + reply
    return opponents * pairs * (think + reply), max(ready)
