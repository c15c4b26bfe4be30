import asyncio


class Pause:
    def __init__(self, seconds):
        self.seconds = seconds

    def __await__(self):
        return asyncio.sleep(self.seconds).__await__()


async def count(emit, pause=1.0):
    emit("One")
    await Pause(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
