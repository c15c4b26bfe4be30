import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    async def one(url):
        job = pool.submit(process, await fetch(url))
        return job.result()  # <-- here

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
