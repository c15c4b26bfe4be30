import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    downloads, jobs = asyncio.Semaphore(20), asyncio.BoundedSemaphore(2)

    async def one(url):
        async with downloads:
            body = await fetch(url)
        async with jobs:
            return await loop.run_in_executor(pool, process, body)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
