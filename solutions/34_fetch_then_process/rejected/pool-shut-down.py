import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def one(url):
        body = await fetch(url)
        return await loop.run_in_executor(pool, process, body)

    with pool:  # <-- here
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
