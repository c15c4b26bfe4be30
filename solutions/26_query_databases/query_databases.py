"""26 query_databases: the reference solution."""

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
    """Return the rows of each database, in the order of *paths*."""

    async def query(path: Path) -> list[tuple[Any, ...]]:
        # A connection is a thread with a queue: two queries on one connection run in turn, two connections do not.
        # `async with` closes it, and so ends its thread, also when the query fails.
        async with connect(path) as db, db.execute(sql) as cursor:
            return list(await cursor.fetchall())

    return await asyncio.gather(*(query(path) for path in paths))
