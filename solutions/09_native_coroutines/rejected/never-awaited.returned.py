async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    return stuff()  # <-- here


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
