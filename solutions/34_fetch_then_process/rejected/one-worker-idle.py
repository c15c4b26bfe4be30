import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    results = {}

    async def download(url):
        return url, await fetch(url)

    tasks = [asyncio.create_task(download(url)) for url in urls]
    try:
        for page in asyncio.as_completed(tasks):
            url, body = await page
            results[url] = await loop.run_in_executor(pool, process, body)  # <-- here
    finally:
        for task in tasks:
            task.cancel()
    return [results[url] for url in urls]
