"""Text in columns of a terminal: how many it takes, and how it is fitted into so many. It knows no report."""

from __future__ import annotations

import unicodedata
from typing import Final

from grader.reports import harmless

_LONGEST: Final = 200
_JOINERS: Final = dict.fromkeys((0x200C, 0x200D))  # nothing to join where each character has its columns


def wide(text: str) -> int:
    """Return how many columns *text* takes: wide characters two, those that combine none."""
    if text.isascii():
        return len(text)
    drawn = (c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Me")
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in drawn)


def fitted(text: str, columns: int, *, in_ascii: bool) -> str:
    """Return whatever somebody wrote as one harmless line of at most so many *columns*."""
    text = harmless.line(text.translate(_JOINERS), _LONGEST)
    if in_ascii:
        text = text.encode("ascii", "backslashreplace").decode()
    if wide(text) <= columns:
        return text
    while text and wide(text) > columns - 3:
        text = text[:-1]
    return f"{text}..." if text else "..."[: max(columns, 0)]


def padded(text: str, columns: int) -> str:
    """Return *text* with blanks after it up to so many *columns*."""
    return text + " " * (columns - wide(text))
