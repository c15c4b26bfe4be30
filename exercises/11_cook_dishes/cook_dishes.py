"""11 cook_dishes: one cook, several pots; who starts first need not finish first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping


async def cook_dish(
    name: str,
    minutes: float,
    log: Callable[[str], None],
    simmer: Callable[[str, float], Awaitable[None]],
) -> str:
    """Log "Starting <name>", let it simmer, log "Finished <name>", and return the name.

    log: a plain function. simmer: ``await simmer(name, minutes)`` returns when the dish is done; the stove may be
    slower, or faster, than *minutes* says.
    """
    # TODO: one dish here; then the whole menu in cook_all.
    raise NotImplementedError


async def cook_all(
    dishes: Mapping[str, float],
    log: Callable[[str], None],
    simmer: Callable[[str, float], Awaitable[None]],
) -> list[str]:
    """Cook all dishes (name -> minutes) at once, started in the order of the menu.

    Return their names in the order in which they are finished.
    """
    raise NotImplementedError
