from asyncio import sleep


async def count(emit, pause=1.0, times=1):
    for word in "One", "Two":
        if word == "Two":
            await sleep(pause)
        for _ in range(times):
            emit(word)


async def main(emit, pause=1.0):
    await count(emit, pause, times=3)
