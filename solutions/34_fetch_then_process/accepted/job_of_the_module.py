import asyncio
from functools import partial


def numbered(number, process, body):
    return number, process(body)


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def one(number, url):
        return await loop.run_in_executor(pool, partial(numbered, number, process, body=await fetch(url)))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(*pair)) for pair in enumerate(urls)]
    return [result for _, result in sorted(task.result() for task in tasks)]
