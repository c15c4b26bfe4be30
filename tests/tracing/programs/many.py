import asyncio


async def visit(number):
    await asyncio.sleep(1 + number % 7 / 10)
    await asyncio.sleep(0.5)


async def main():
    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(visit(number))


asyncio.run(main())
