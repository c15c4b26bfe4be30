import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    results = {}

    async def one(url):
        results[url] = await asyncio.wrap_future(pool.submit(process, await fetch(url)))

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url), name=url)
    return [results[url] for url in urls]
