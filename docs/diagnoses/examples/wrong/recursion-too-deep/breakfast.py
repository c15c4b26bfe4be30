async def breakfast(dishes, cook):
    first, rest = dishes[:1], dishes[1:]
    return [await cook(dish) for dish in first] + await breakfast(rest, cook)
