"""90 breakfast: cook all dishes at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence


async def breakfast(dishes: Sequence[str], cook: Callable[[str], Awaitable[str]]) -> list[str]:
    """Return the cooked dishes, in the order of *dishes*.

    cook: a coroutine function; one dish takes one delay.
    """
    # TODO: cook all of them at once.
    raise NotImplementedError
