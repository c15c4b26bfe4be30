import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    def say(word):
        print(word)
        emit(word)

    await asyncio.gather(*(count(say, pause) for _ in range(3)))


async def script():
    await main(print)


if __name__ == "__main__":
    asyncio.run(script())
