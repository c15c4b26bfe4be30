import functools


def logged(function):
    @functools.wraps(function)
    async def wrapper(*args):
        result = await function(*args)
        print(function.__name__, result)
        return result

    return wrapper


@logged
async def stuff():
    return 0x10, 0x20, 0x30


@logged
async def pipeline():
    first, *rest = await stuff()
    for number in rest:
        first += number
    return first


async def relay(source):
    try:
        async for item in source:
            yield item
    finally:
        if hasattr(source, "aclose"):
            await source.aclose()


class Countdown:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for _ in range(self.n):
            yield
        return self.n
