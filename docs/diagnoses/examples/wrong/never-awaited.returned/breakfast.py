async def breakfast(dishes, cook):
    return [cook(dish) for dish in dishes]
