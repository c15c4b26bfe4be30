async def stuff():
    return 0x10, 0x20, 0x30


async def pipeline():
    a, b, c = await stuff()
    return a + b + c


def relay(source):  # <-- here
    yield from source


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for _ in range(self.n):
            yield
        return self.n
