import asyncio
import sqlite3
from itertools import islice
from typing import NamedTuple

QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100


class Report(NamedTuple):
    orders: list
    pi: str
    items: list


def digits_of_pi():
    q, r, t, k, n, x = 1, 0, 1, 1, 3, 3
    while True:
        if 4 * q + r - t < n * t:
            yield n
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2


def calculate_pi(digits):
    first, *rest = islice(digits_of_pi(), digits + 1)
    return f"{first}." + "".join(map(str, rest))


def process_one_item(item):
    return {**item, "total": item["price"] * item["count"]}


def query_old_database(path, sql):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return list(db.cursor().execute(sql))
    finally:
        db.close()


async def report(path, items):
    pi = asyncio.create_task(asyncio.to_thread(calculate_pi, DIGITS))
    orders = await asyncio.get_running_loop().run_in_executor(None, query_old_database, path, QUERY)
    return Report(orders, await pi, [process_one_item(item) for item in items])
