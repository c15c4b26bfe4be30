import asyncio

results = {}


def keep(process, url, body):
    results[url] = process(body)


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def one(url):
        await loop.run_in_executor(pool, keep, process, url, await fetch(url))

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url))
    return [results[url] for url in urls]  # <-- here
