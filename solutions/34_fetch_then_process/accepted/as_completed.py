import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    async def numbered(number, url):
        return number, await fetch(url)

    downloads = [asyncio.create_task(numbered(number, url)) for number, url in enumerate(urls)]
    jobs = {}
    try:
        for download in asyncio.as_completed(downloads):
            number, body = await download
            jobs[number] = loop.run_in_executor(pool, process, body)
            for job in jobs.values():  # an error of a job that has ended meanwhile
                if job.done():
                    job.result()
        return [await jobs[number] for number in range(len(urls))]
    finally:
        for task in (*downloads, *jobs.values()):
            task.cancel()
        await asyncio.gather(*downloads, *jobs.values(), return_exceptions=True)
