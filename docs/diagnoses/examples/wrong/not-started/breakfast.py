async def breakfast(dishes, cook):
    raise NotImplementedError
