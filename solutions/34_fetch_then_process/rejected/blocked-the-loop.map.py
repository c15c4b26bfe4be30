import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(url)) for url in urls]
    return list(pool.map(process, (task.result() for task in tasks)))  # <-- here
