import asyncio
from concurrent.futures import ThreadPoolExecutor


async def fetch_and_process(urls, fetch, process, *, pool):
    # A thread for each page waits for the pool: more than is needed, but it only waits.
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max(1, len(urls))) as waiters:

        async def one(url):
            body = await fetch(url)
            return await loop.run_in_executor(waiters, lambda: next(pool.map(process, [body])))

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
