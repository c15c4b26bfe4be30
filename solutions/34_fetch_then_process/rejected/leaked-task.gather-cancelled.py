import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def one(url):
        return await loop.run_in_executor(pool, process, await fetch(url))

    g = asyncio.gather(*(one(u) for u in urls))  # <-- here
    try:
        return await g
    except Exception:
        g.cancel()
        raise
