import asyncio


def clock(program):
    async def run():
        loop = asyncio.get_running_loop()
        start = loop.time()
        await program
        return loop.time() - start

    return asyncio.run(run())


async def in_a_row(delays):
    for delay in delays:
        await asyncio.sleep(delay)


async def at_once(delays, limit):
    places = asyncio.Semaphore(limit)

    async def wait(delay):
        async with places:
            await asyncio.sleep(delay)

    async with asyncio.TaskGroup() as group:
        for delay in delays:
            group.create_task(wait(delay))


async def from_table_to_table(opponents, think, reply, pairs):
    judit = asyncio.Lock()

    async def game():
        for _ in range(pairs):
            async with judit:
                await asyncio.sleep(think)
            await asyncio.sleep(reply)

    await asyncio.gather(*(game() for _ in range(opponents)))


def sequential(delays):
    return clock(in_a_row(delays))


def concurrent(delays):
    return clock(at_once(delays, len(delays)))


def limited(delays, limit):
    return clock(at_once(delays, limit))


def on_cores(costs, cores, tool):
    return clock(at_once(costs, cores if tool == "processes" else 1))


def exhibition(opponents, think, reply, pairs):
    return (
        clock(in_a_row([think, reply] * opponents * pairs)),
        clock(from_table_to_table(opponents, think, reply, pairs)),
    )
