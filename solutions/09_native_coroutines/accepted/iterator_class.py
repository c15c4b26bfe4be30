import dataclasses


async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


async def relay(source):
    async for item in source:
        yield item


class Steps:
    def __init__(self, n):
        self.left, self.n = n, n

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration(self.n)
        self.left -= 1


@dataclasses.dataclass
class Countdown:
    n: int

    def __await__(self):
        return Steps(self.n)
