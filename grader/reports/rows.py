"""Lines of text with a style, and the characters to draw with. They know neither what is said nor where it is shown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

_MOST_READABLE: Final = 100  # columns of running text
_CODE: Final = "    "
_ITEM: Final = re.compile(r"(?:[-*]|\d+\.) ")


class Row(NamedTuple):
    """One line of text; style: ``good``, ``bad``, ``quiet``, ``strong`` or nothing."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Signs:
    """The characters of a report: pictures where the stream can show them, ASCII elsewhere."""

    good: str = "✓"
    bad: str = "✗"
    error: str = "!"
    skipped: str = "-"
    bar: str = "▓"
    corner: str = "└"
    dots: str = "…"
    dot: str = "·"


UNICODE: Final = Signs()
ASCII: Final = Signs("ok", "X", "!", "-", "#", "`-", "...", "|")


def wrapped(text: str, width: int) -> Iterator[Row]:
    """Return *text* with its paragraphs and items wrapped to *width*; lines indented as code stay as they are."""
    width, paragraph = min(width, _MOST_READABLE), ""
    lines = text.splitlines()
    for place, line in enumerate((*lines, "")):
        ends = not line.strip() or line.startswith(_CODE) or _ITEM.match(line)
        if ends and paragraph:
            yield from map(Row, _filled(paragraph, width))
            paragraph = ""
        if place == len(lines):
            return
        if line.startswith(_CODE) or not line.strip():
            yield Row(line.rstrip())
        else:
            paragraph = f"{paragraph} {line.strip()}".strip()


def _filled(paragraph: str, width: int) -> list[str]:
    item = _ITEM.match(paragraph)
    hang = " " * len(item[0]) if item is not None else ""
    return textwrap.wrap(paragraph, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
