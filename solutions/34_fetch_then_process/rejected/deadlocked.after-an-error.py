import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    done = asyncio.Queue()

    async def one(number, url):
        body = await fetch(url)
        await done.put((number, await loop.run_in_executor(pool, process, body)))

    tasks = [asyncio.create_task(one(number, url)) for number, url in enumerate(urls)]
    results = [None] * len(tasks)
    for _ in tasks:
        number, result = await done.get()  # <-- here
        results[number] = result
    return results
