import asyncio
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from typing import NamedTuple

QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100


class Report(NamedTuple):
    orders: list
    pi: str
    items: list


def calculate_pi(digits):
    one = 10 ** (digits + 10)

    def arccot(x):
        total = term = one // x
        n = 3
        while term:
            term //= -x * x
            total += term // n
            n += 2
        return total

    text = str(4 * (4 * arccot(5) - arccot(239)))
    return "3." + text[1 : digits + 1]


def process_one_item(item):
    return {**item, "total": item["price"] * item["count"]}


def query_old_database(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


found = {}


def keep_pi(digits):
    found[digits] = calculate_pi(digits)


async def report(path, items):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(max_workers=1) as pool:
        pi = loop.run_in_executor(pool, keep_pi, DIGITS)
        orders = asyncio.to_thread(query_old_database, path, QUERY)
        orders, _ = await asyncio.gather(orders, pi)
    pi = found[DIGITS]  # <-- here
    return Report(orders=orders, pi=pi, items=[process_one_item(item) for item in items])
