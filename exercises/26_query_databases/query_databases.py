"""26 query_databases: ten databases in the time of one query; a connection is a lane of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiosqlite


async def query_databases(
    paths: Sequence[Path],
    sql: str,
    *,
    connect: Callable[[Path], AbstractAsyncContextManager[aiosqlite.Connection]] = aiosqlite.connect,
) -> list[list[tuple[Any, ...]]]:
    """Run *sql*, a SELECT, in each of the databases; return the rows of each, in the order of *paths*.

    paths: SQLite files, no two the same. A query keeps its database busy for one delay.
    connect: opens one database, as ``async with connect(path) as db:`` or ``db = await connect(path)``.
    An error of a database, such as sqlite3.OperationalError, is raised.
    """
    # TODO: all queries at once, each connection closed whatever happens.
    raise NotImplementedError
