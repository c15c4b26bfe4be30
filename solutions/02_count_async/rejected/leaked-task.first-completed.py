import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    async def slower(number):
        await count(emit, pause + number * pause / 5)

    tasks = [asyncio.create_task(slower(number)) for number in range(3)]  # <-- here
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
