"""35 when_not_async: the reference solution."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100


class Report(NamedTuple):
    """What report returns."""

    orders: list[tuple[Any, ...]]
    pi: str
    items: list[dict[str, Any]]


# Nothing in these three can be awaited: they compute, or block. As plain functions they can be called from anywhere.


def calculate_pi(digits: int) -> str:
    """Return π, cut off after *digits* digits."""
    # Machin's formula in whole numbers, which have as many digits as they need. The last ten absorb the cutting-off.
    one = 10 ** (digits + 10)
    value = 4 * (4 * arccot(5, one) - arccot(239, one)) // 10**10
    return f"3.{str(value)[1:]}"


def arccot(number: int, one: int) -> int:
    """Return the angle whose cotangent is *number*, times *one*."""
    term = one // number
    total, divisor = term, 1
    while term:
        term //= -number * number
        divisor += 2
        total += term // divisor
    return total


def process_one_item(item: dict[str, Any]) -> dict[str, Any]:
    """Return the item with its total."""
    return {**item, "total": item["price"] * item["count"]}


def query_old_database(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


async def report(path: Path, items: Sequence[dict[str, Any]]) -> Report:
    """Return the report."""
    # The bridge: what blocks or computes for long gets a thread, so that the loop stays awake. Both at once, since they
    # need not wait for one another. The database is opened in the thread that uses it.
    orders, pi = await asyncio.gather(
        asyncio.to_thread(query_old_database, path, QUERY),
        asyncio.to_thread(calculate_pi, DIGITS),
    )
    # An item takes a microsecond; to hand it over would take longer.
    return Report(orders, pi, [process_one_item(item) for item in items])
