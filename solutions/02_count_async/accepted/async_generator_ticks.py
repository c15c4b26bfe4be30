import asyncio
from contextlib import aclosing


async def words(pause):
    yield "One"
    await asyncio.sleep(pause)
    yield "Two"


async def count(emit, pause=1.0):
    async with aclosing(words(pause)) as said:
        async for word in said:
            emit(word)


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
