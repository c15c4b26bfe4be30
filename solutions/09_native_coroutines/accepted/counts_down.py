async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


async def relay(source):
    async for item in source:
        yield item


class Countdown:
    __slots__ = ("_start",)

    def __init__(self, n: int) -> None:
        if n < 0:
            raise ValueError("n must not be negative")
        self._start = n

    def __await__(self):
        remaining = self._start
        while remaining > 0:
            remaining -= 1
            yield None
        return self._start
