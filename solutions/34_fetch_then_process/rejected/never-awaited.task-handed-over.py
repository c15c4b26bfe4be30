import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as g:
        downloads = [g.create_task(fetch(u)) for u in urls]
        jobs = [loop.run_in_executor(pool, process, d) for d in downloads]  # <-- here
        return await asyncio.gather(*jobs)
