import asyncio


async def count(emit, pause=1.0):
    loop = asyncio.get_running_loop()
    over = loop.create_future()

    def second():
        emit("Two")
        over.set_result(None)

    emit("One")
    loop.call_later(pause, second)
    await over


async def main(emit, pause=1.0):
    for task in [asyncio.create_task(count(emit, pause)) for _ in range(3)]:
        await task
