import asyncio
import sqlite3
import threading
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


def start(function, *args):
    """Run a function in a thread of its own; return a future of this loop."""
    loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def work():
        try:
            value, settle = function(*args), future.set_result
        except Exception as error:
            value, settle = error, future.set_exception
        loop.call_soon_threadsafe(lambda: future.cancelled() or settle(value))

    threading.Thread(target=work).start()
    return future


async def report(path, items):
    waiting = [start(query_old_database, path, QUERY), start(calculate_pi, DIGITS)]
    orders, pi = [await future for future in waiting]
    return Report(orders, pi, [process_one_item(item) for item in items])
