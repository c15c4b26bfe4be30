import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):  # <-- here
    loop = asyncio.get_running_loop()
    for url in urls:
        yield await loop.run_in_executor(pool, process, await fetch(url))
