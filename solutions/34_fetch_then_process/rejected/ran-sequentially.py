import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    results = []
    for url in urls:
        body = await fetch(url)  # <-- here
        results.append(await loop.run_in_executor(pool, process, body))
    return results
