import asyncio
import sqlite3
from contextlib import closing
from decimal import Decimal, localcontext
from typing import NamedTuple

QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100


class Report(NamedTuple):
    orders: list
    pi: str
    items: list


def calculate_pi(digits):
    with localcontext() as context:
        context.prec = digits + 10
        pi = 16 * arctan(Decimal(1) / 5) - 4 * arctan(Decimal(1) / 239)
        text = str(round(pi, digits))
    return text  # <-- here


def arctan(x):
    total, power, n = x, x, 1
    while abs(power) > Decimal(10) ** -300:
        power *= -x * x
        n += 2
        total += power / n
    return total


def process_one_item(item):
    return {**item, "total": item["price"] * item["count"]}


def query_old_database(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


async def report(path, items):
    orders, pi = await asyncio.gather(
        asyncio.to_thread(query_old_database, path, QUERY), asyncio.to_thread(calculate_pi, DIGITS)
    )
    return Report(orders, pi, [process_one_item(item) for item in items])
