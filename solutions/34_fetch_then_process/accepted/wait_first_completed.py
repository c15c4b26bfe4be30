import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    place = {asyncio.create_task(fetch(url)): number for number, url in enumerate(urls)}
    downloads, jobs = set(place), {}
    results = [None] * len(urls)
    waiting = set(downloads)
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for future in done:
                if future in downloads:
                    job = loop.run_in_executor(pool, process, future.result())
                    jobs[job] = place[future]
                    waiting.add(job)
                else:
                    results[jobs[future]] = future.result()
    except Exception:
        for future in waiting:
            future.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        raise
    return results
