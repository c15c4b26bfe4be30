import anyio


async def count(emit, pause=1.0):
    emit("One")
    await anyio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(count, emit, pause)
