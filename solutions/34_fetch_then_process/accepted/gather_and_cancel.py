import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    async def one(url):
        body = await fetch(url)
        return await asyncio.get_running_loop().run_in_executor(pool, process, body)

    tasks = [asyncio.ensure_future(one(url)) for url in urls]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
