import asyncio


def sequential(delays):
    return sum(delays)


def concurrent(delays):
    return max(delays, default=0.0)


def limited(delays, limit):
    ends = [0.0] * limit
    for delay in delays:
        ends[ends.index(min(ends))] += delay
    return max(ends)


def on_cores(costs, cores, tool):
    return limited(costs, cores) if tool == "processes" else sum(costs)


async def one_by_one(opponents, think, reply, pairs):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for _ in range(opponents * pairs):
        await asyncio.sleep(think)
        await asyncio.sleep(reply)
    return loop.time() - start


async def together(opponents, think, reply, pairs):
    loop, judit = asyncio.get_running_loop(), asyncio.Lock()
    start = loop.time()

    async def game():
        for _ in range(pairs):
            async with judit:
                await asyncio.sleep(think)
                await asyncio.sleep(reply)

    await asyncio.gather(*(game() for _ in range(opponents)))
    return loop.time() - start


def exhibition(*how):
    return asyncio.run(one_by_one(*how)), asyncio.run(together(*how))  # <-- here
