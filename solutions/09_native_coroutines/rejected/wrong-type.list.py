async def stuff():
    return [0x10, 0x20, 0x30]  # <-- here


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


async def relay(source):
    async for item in source:
        yield item


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for _ in range(self.n):
            yield
        return self.n
