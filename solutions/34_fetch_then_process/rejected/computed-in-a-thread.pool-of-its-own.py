import asyncio
from concurrent.futures import ThreadPoolExecutor


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as workers:  # <-- here

        async def one(url):
            return await loop.run_in_executor(workers, process, await fetch(url))

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
