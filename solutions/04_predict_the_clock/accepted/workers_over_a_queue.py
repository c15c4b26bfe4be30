import asyncio


async def work(delays, workers):
    line = asyncio.Queue()
    for delay in delays:
        line.put_nowait(delay)

    async def worker():
        while not line.empty():
            await asyncio.sleep(line.get_nowait())

    start = asyncio.get_running_loop().time()
    await asyncio.gather(*(worker() for _ in range(workers)))
    return asyncio.get_running_loop().time() - start


def limited(delays, limit):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work(delays, limit))
    finally:
        loop.close()


def sequential(delays):
    return limited(delays, 1)


def concurrent(delays):
    return limited(delays, len(delays))


def on_cores(costs, cores, tool):
    return limited(costs, {"asyncio": 1, "threads": 1, "processes": cores}[tool])


async def play(opponents, think, reply, pairs):
    # One Judit, who takes the next table that waits for her.
    waiting = asyncio.Queue()
    for table in range(opponents):
        waiting.put_nowait((table, pairs))

    async def think_and_wait(table, left):
        await asyncio.sleep(reply)
        if left:
            waiting.put_nowait((table, left))

    start = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as opponents_thinking:
        for _ in range(opponents * pairs):
            table, left = await waiting.get()
            await asyncio.sleep(think)
            opponents_thinking.create_task(think_and_wait(table, left - 1))
    return asyncio.get_running_loop().time() - start


def exhibition(opponents, think, reply, pairs):
    return opponents * pairs * (think + reply), asyncio.run(play(opponents, think, reply, pairs))
