import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    async def one(url):
        job = pool.submit(process, await fetch(url))
        try:
            while not job.done():
                await asyncio.sleep(0.01)
        finally:
            job.cancel()
        return job.result()

    tasks = [asyncio.create_task(one(url)) for url in urls]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        [task.cancel() for task in tasks]
