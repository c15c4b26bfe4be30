import asyncio

CONSUMERS = 4


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    pages = asyncio.Queue()
    results = [None] * len(urls)

    async def download(number, url):
        await pages.put((number, await fetch(url)))

    async def compute():
        while (page := await pages.get()) is not None:
            number, body = page
            results[number] = await loop.run_in_executor(pool, process, body)

    async with asyncio.TaskGroup() as consumers:
        for _ in range(CONSUMERS):
            consumers.create_task(compute())
        async with asyncio.TaskGroup() as producers:
            for number, url in enumerate(urls):
                producers.create_task(download(number, url))
        for _ in range(CONSUMERS):
            await pages.put(None)
    return results
