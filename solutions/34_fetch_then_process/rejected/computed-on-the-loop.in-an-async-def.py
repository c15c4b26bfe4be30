import asyncio


async def compute(process, body):
    return process(body)  # <-- here


async def fetch_and_process(urls, fetch, process, *, pool):
    results = []
    for url in urls:
        results.append(await compute(process, await fetch(url)))
    return results
