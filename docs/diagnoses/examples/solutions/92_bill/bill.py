"""92 bill: the reference."""


def bill(prices):
    return sum(prices)
