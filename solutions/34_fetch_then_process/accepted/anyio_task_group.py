import asyncio

import anyio


async def fetch_and_process(urls, fetch, process, *, pool):
    results = {}

    async def one(url):
        body = await fetch(url)
        results[url] = await asyncio.wrap_future(pool.submit(process, body))

    async with anyio.create_task_group() as group:
        for url in urls:
            group.start_soon(one, url)
    return list(map(results.__getitem__, urls))
