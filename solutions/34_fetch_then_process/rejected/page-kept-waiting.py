import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    jobs = []
    async with asyncio.TaskGroup() as group:
        downloads = [group.create_task(fetch(url)) for url in urls]
        for download in downloads:
            body = await download
            jobs.append(asyncio.wrap_future(pool.submit(process, body)))  # <-- here
        return [await job for job in jobs]
