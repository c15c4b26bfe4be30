import asyncio

CITIES = {"Lisbon": 1.0, "Tokyo": 1.5, "Nairobi": 0.8, "Lima": 1.2}


async def fetch(city):
    await asyncio.sleep(CITIES[city])  # stands for a request
    return f"{city}: sunny"


async def one_by_one():
    return [await fetch(city) for city in CITIES]


async def together():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(city), name=city) for city in CITIES]
    return [task.result() for task in tasks]


async def main():
    assert await one_by_one() == await together()


asyncio.run(main())
