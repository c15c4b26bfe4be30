import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    jobs = []
    for url in urls:
        body = await fetch(url)  # <-- here
        jobs.append(loop.run_in_executor(pool, process, body))
    return await asyncio.gather(*jobs)
