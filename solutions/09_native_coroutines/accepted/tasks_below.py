import asyncio
from contextlib import aclosing


async def stuff():
    await asyncio.sleep(0)
    return tuple(range(0x10, 0x40, 0x10))


async def pipeline():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(stuff())
    return sum(task.result())


async def numbered(source):
    number = 0
    async for item in source:
        yield number, item
        number += 1


async def relay(source):
    async with aclosing(numbered(source)) as pairs:
        async for _, item in pairs:
            yield item


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for _ in range(self.n):
            yield
        return self.n
