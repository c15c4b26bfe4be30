import asyncio


async def breakfast(dishes, cook):
    guest = input("Who is it for? ")
    print("Breakfast for", guest)
    return await asyncio.gather(*(cook(dish) for dish in dishes))
