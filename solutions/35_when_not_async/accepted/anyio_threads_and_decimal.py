import sqlite3
from contextlib import closing
from decimal import Decimal, localcontext
from typing import NamedTuple

import anyio

QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100


class Report(NamedTuple):
    orders: list
    pi: str
    items: list


def calculate_pi(digits):
    """The recipe in the documentation of decimal, with some digits to spare."""
    with localcontext() as context:
        context.prec = digits + 12
        three = Decimal(3)
        last, t, s, n, na, d, da = 0, three, 3, 1, 0, 0, 24
        while s != last:
            last = s
            n, na = n + na, na + 8
            d, da = d + da, da + 32
            t = (t * n) / d
            s += t
        return str(+s)[: digits + 2]


def process_one_item(item):
    return {**item, "total": item["price"] * item["count"]}


def query_old_database(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


async def report(path, items):
    found = {}

    async def run(key, function, *args):
        found[key] = await anyio.to_thread.run_sync(function, *args)

    async with anyio.create_task_group() as group:
        group.start_soon(run, "orders", query_old_database, path, QUERY)
        group.start_soon(run, "pi", calculate_pi, DIGITS)
    return Report(found["orders"], found["pi"], [process_one_item(item) for item in items])
