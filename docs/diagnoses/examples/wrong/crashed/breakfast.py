import ctypes


async def breakfast(dishes, cook):
    note = ctypes.string_at(0)
    return [await cook(dish) for dish in dishes if note]
