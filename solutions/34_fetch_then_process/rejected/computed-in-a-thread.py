import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    async def one(url):
        body = await fetch(url)
        return await asyncio.to_thread(process, body)  # <-- here

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
