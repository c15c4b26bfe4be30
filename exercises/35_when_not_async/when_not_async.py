"""35 when_not_async: leave plain code plain, and build one bridge to it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100


class Report(NamedTuple):
    """orders: the rows of QUERY. pi: with DIGITS digits. items: each one processed, in the order they were given."""

    orders: list[tuple[Any, ...]]
    pi: str
    items: list[dict[str, Any]]


# TODO: write the next three first, and decide for each: def or async def?


def calculate_pi(digits: int) -> str:
    """Return "3." and the first *digits* digits of π after the point, cut off and not rounded: 4 gives "3.1415"."""
    raise NotImplementedError


def process_one_item(item: dict[str, Any]) -> dict[str, Any]:
    """Return the item with a further key: "total", its "price" times its "count"."""
    raise NotImplementedError


def query_old_database(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows that *sql*, a SELECT, gives in the SQLite file at *path*. Only sqlite3 knows how to read it."""
    raise NotImplementedError


async def report(path: Path, items: Sequence[dict[str, Any]]) -> Report:
    """Ask the database at *path*, calculate π and process the items, all with the functions above.

    Other tasks of the event loop go on meanwhile. sqlite3.OperationalError is raised if the table is missing.
    """
    raise NotImplementedError
