"""92 bill: a plain function."""

from __future__ import annotations

from collections.abc import Sequence


def bill(prices: Sequence[int]) -> int:
    """Return what all of it costs."""
    # TODO: add them up.
    raise NotImplementedError
