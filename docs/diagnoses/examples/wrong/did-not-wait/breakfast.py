async def breakfast(dishes, cook):
    return [f"fresh {dish}" for dish in dishes]
