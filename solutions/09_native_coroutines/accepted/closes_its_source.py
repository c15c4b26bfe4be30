from contextlib import aclosing


async def stuff():
    return 16, 32, 48


async def pipeline():
    match await stuff():
        case (a, b, c):
            return a + b + c


async def relay(source):
    async with aclosing(source) as items:
        async for item in items:
            yield item


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        yield from (None for _ in range(self.n))
        return self.n
