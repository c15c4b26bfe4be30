import asyncio


async def transfer(first, second):
    async with first:
        await asyncio.sleep(0.5)
        async with second:
            print("moved")


async def main():
    left, right = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(transfer(left, right), transfer(right, left))


asyncio.run(main())
