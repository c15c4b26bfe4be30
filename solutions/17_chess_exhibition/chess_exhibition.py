"""17 chess_exhibition: the reference solution."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol


class Table(Protocol):
    """One board, with its opponent."""

    async def judit_moves(self) -> None: ...

    async def opponent_replies(self) -> None: ...


async def one_by_one(tables: Sequence[Table], pairs: int) -> None:
    """Play one game after another."""
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables: Sequence[Table], pairs: int) -> None:
    """Play all games at once."""
    # One lock for all games, made here: a lock at the top of the module would belong to the first event loop.
    judit = asyncio.Lock()

    async def play(table: Table) -> None:
        for _ in range(pairs):
            # Only her own move needs Judit. The opponent thinks without her, so the lock is free by then.
            async with judit:
                await table.judit_moves()
            await table.opponent_replies()

    await asyncio.gather(*(play(table) for table in tables))
