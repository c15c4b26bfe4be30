import asyncio


async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


async def relay(source):
    async for item in source:
        yield item


class Countdown:
    def __init__(self, n):
        self.coro = self.count(n)

    async def count(self, n):
        for _ in range(n):
            await asyncio.sleep(0)
        return n

    def __await__(self):  # <-- here
        return self.coro.__await__()
