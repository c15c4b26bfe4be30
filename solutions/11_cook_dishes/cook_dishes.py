"""11 cook_dishes: the reference solution."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping


async def cook_dish(
    name: str,
    minutes: float,
    log: Callable[[str], None],
    simmer: Callable[[str, float], Awaitable[None]],
) -> str:
    """Cook one dish."""
    # The dish itself writes both lines, so each is written at the moment that it speaks of.
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(
    dishes: Mapping[str, float],
    log: Callable[[str], None],
    simmer: Callable[[str, float], Awaitable[None]],
) -> list[str]:
    """Cook all dishes at once; return their names as they are finished."""
    # as_completed starts all of them, in the order of the list, and yields whichever is done next.
    cooking = [asyncio.create_task(cook_dish(name, minutes, log, simmer)) for name, minutes in dishes.items()]
    return [await dish for dish in asyncio.as_completed(cooking)]
