import asyncio


async def breakfast(dishes, cook):
    cooking = asyncio.gather(*(cook(dish) for dish in dishes))
    try:
        return await cooking
    except asyncio.CancelledError:
        print("the guest has left")
