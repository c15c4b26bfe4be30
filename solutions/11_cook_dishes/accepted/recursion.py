import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    try:
        await simmer(name, minutes)
    finally:
        log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    async def rec(items, out):
        if not items:
            return
        (n, m), *rest = items

        async def one():
            out.append(await cook_dish(n, m, log, simmer))

        await asyncio.gather(one(), rec(rest, out))

    out = []
    await rec(list(dishes.items()), out)
    return out
