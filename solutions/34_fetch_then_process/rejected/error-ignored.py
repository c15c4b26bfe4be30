import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def one(url):
        try:
            body = await fetch(url)
            return await loop.run_in_executor(pool, process, body)
        except Exception:
            return None

    return list(await asyncio.gather(*map(one, urls)))  # <-- here
