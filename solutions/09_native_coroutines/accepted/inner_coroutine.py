import asyncio


async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    return sum(await stuff())


async def relay(source):
    async for item in source:
        yield item


class Countdown:
    def __init__(self, n):
        self.n = n

    async def _count(self):
        for _ in range(self.n):
            await asyncio.sleep(0)
        return self.n

    def __await__(self):
        return self._count().__await__()
