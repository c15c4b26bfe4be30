import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    jobs = {}

    async def one(url):
        body = await fetch(url)
        jobs[url] = asyncio.wrap_future(pool.submit(process, body))  # <-- here

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url))
    return await asyncio.gather(*(jobs[url] for url in urls))
