async def bill(prices):
    return sum(prices)
