import asyncio


async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


async def relay(source):
    queue, more = asyncio.Queue(), asyncio.Semaphore(0)

    async def fill():
        try:
            while True:
                await more.acquire()
                await queue.put(await anext(source))
        except BaseException as end:
            await queue.put(end)

    task = asyncio.create_task(fill())  # <-- here
    while True:
        more.release()
        item = await queue.get()
        if isinstance(item, StopAsyncIteration):
            return
        if isinstance(item, BaseException):
            raise item
        yield item


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for _ in range(self.n):
            yield
        return self.n
