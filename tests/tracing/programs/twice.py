import asyncio


async def fetch(number):
    await asyncio.sleep(1)
    return number


for number in range(3):
    print(asyncio.run(fetch(number)))
