async def breakfast(dishes, cook):
    for dish in dishes:
        yield await cook(dish)
