"""17 chess_exhibition: one player at twenty-four boards; overlap what may overlap, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol


class Table(Protocol):
    """One board, with its opponent. A game goes move, reply, move, reply, and so on."""

    async def judit_moves(self) -> None:
        """Let Judit move, for 5 seconds. RuntimeError if she is moving at another table, or it is not her turn."""

    async def opponent_replies(self) -> None:
        """Let the opponent think and move, for 55 seconds. RuntimeError if it is not their turn."""


async def one_by_one(tables: Sequence[Table], pairs: int) -> None:
    """Play one game after another, each to its end: *pairs* times a move and its reply."""
    # TODO: write this one first; it is the slow way. Then write simultaneous.
    raise NotImplementedError


async def simultaneous(tables: Sequence[Table], pairs: int) -> None:
    """Play all games at once, *pairs* moves and replies at each table, as fast as one Judit can."""
    raise NotImplementedError
