import asyncio


async def count(emit, pause=1.0):
    words = asyncio.Queue()

    async def speaker():
        while (word := await words.get()) is not None:
            emit(word)

    speaking = asyncio.create_task(speaker())
    await words.put("One")
    await asyncio.sleep(pause)
    await words.put("Two")
    await words.put(None)
    await speaking


async def main(emit, pause=1.0):
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(count(emit, pause))
