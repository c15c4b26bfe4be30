import asyncio

jobs = asyncio.Semaphore(2)


async def fetch_and_process(urls, fetch, process, *, pool):
    async def one(url):
        body = await fetch(url)
        async with jobs:  # <-- here
            return await asyncio.wrap_future(pool.submit(process, body))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
