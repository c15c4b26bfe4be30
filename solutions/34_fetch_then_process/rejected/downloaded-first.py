import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        downloads = [group.create_task(fetch(url)) for url in urls]
    bodies = [download.result() for download in downloads]
    async with asyncio.TaskGroup() as group:

        async def compute(body):
            return await loop.run_in_executor(pool, process, body)  # <-- here

        jobs = [group.create_task(compute(body)) for body in bodies]
    return [job.result() for job in jobs]
