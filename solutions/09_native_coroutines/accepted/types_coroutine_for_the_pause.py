import types


async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


async def relay(source):
    async for item in source:
        yield item


@types.coroutine
def pause():
    # The one place where an `async def` has no words of its own: a bare yield.
    yield


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        async def count():
            left = self.n
            while left:
                await pause()
                left -= 1
            return self.n

        return count().__await__()
