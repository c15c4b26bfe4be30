async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    numbers = await stuff()
    total = 0
    for number in numbers:
        total += number
    return total


def relay(source):
    return (item async for item in source)


def steps(n):
    yield from [None] * n
    return n


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        return steps(self.n)
