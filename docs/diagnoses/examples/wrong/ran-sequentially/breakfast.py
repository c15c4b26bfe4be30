async def breakfast(dishes, cook):
    served = []
    for dish in dishes:
        served.append(await cook(dish))
    return served
