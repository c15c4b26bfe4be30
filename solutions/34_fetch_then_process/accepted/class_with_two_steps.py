import asyncio


class Page:
    def __init__(self, url):
        self.url, self.body, self.result = url, None, None

    async def download(self, fetch):
        self.body = await fetch(self.url)
        return self

    async def compute(self, pool, process):
        self.result = await asyncio.get_running_loop().run_in_executor(pool, process, self.body)


async def fetch_and_process(urls, fetch, process, *, pool):
    pages = [Page(url) for url in urls]
    async with asyncio.TaskGroup() as group:

        async def both(page):
            await page.download(fetch)
            group.create_task(page.compute(pool, process))

        for page in pages:
            group.create_task(both(page))
    return [page.result for page in pages]
