import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    limit = asyncio.Semaphore(2)  # as many as the pool has workers

    async def one(url):
        async with limit:  # <-- here
            body = await fetch(url)
            return await loop.run_in_executor(pool, process, body)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
