import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    results = {}

    async def one(url):
        body = await fetch(url)
        results[url] = await loop.run_in_executor(None, process, body)  # <-- here

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url))
    return [results[url] for url in urls]
