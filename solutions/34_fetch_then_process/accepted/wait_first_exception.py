import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    if not urls:
        return []
    loop = asyncio.get_running_loop()

    async def one(url):
        return await loop.run_in_executor(pool, process, await fetch(url))

    tasks = [loop.create_task(one(url)) for url in urls]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in pending:
        task.cancel()
    if pending:
        await asyncio.wait(pending)
    for task in done:
        task.result()
    return [task.result() for task in tasks]
