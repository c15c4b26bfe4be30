import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()

    def numbered(number, body):
        return number, process(body)

    async def one(number, url):
        return await loop.run_in_executor(pool, numbered, number, await fetch(url))  # <-- here

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number, url)) for number, url in enumerate(urls)]
    return [result for _, result in sorted(task.result() for task in tasks)]
