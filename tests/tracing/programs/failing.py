import asyncio


async def work(number):
    await asyncio.sleep(number)
    if number == 2:
        raise ValueError("two is not allowed")
    return number


async def main():
    async with asyncio.TaskGroup() as group:
        for number in range(1, 5):
            group.create_task(work(number))


asyncio.run(main())
