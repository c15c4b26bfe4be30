import asyncio


async def download(limit, number):
    async with limit:
        await asyncio.sleep(1 + number % 3 / 2)
        return number


async def main():
    limit = asyncio.Semaphore(3)
    await asyncio.gather(*(download(limit, number) for number in range(10)))


asyncio.run(main())
