import anyio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    send, receive = anyio.create_memory_object_stream(len(dishes) or 1)

    async def cook(name, minutes):
        await send.send(await cook_dish(name, minutes, log, simmer))

    async with send, receive, anyio.create_task_group() as group:
        for name, minutes in dishes.items():
            group.start_soon(cook, name, minutes)
        return [await receive.receive() for _ in dishes]
