import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def one(url):
        if await fetch(url):
            return await loop.run_in_executor(pool, process, await fetch(url))  # <-- here

    async with asyncio.TaskGroup() as g:
        ts = [g.create_task(one(u)) for u in urls]
    return [t.result() for t in ts]
