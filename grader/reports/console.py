"""Rows of text on a terminal or in a file: its width, colours and characters. It knows no report."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TextIO

from grader.reports.rows import ASCII, UNICODE, Row, Signs, wrapped

NARROWEST: Final = 40
WIDEST: Final = 160  # longer lines are hard to read
_COLOURS: Final = {"good": "1;32", "bad": "1;31", "quiet": "2", "strong": "1"}


@dataclass(frozen=True)
class Console:
    """Where rows are written. width: columns; colour: whether styles are shown; signs: the characters it has."""

    stream: TextIO
    width: int
    colour: bool
    signs: Signs

    def write(self, rows: Iterable[Row]) -> None:
        """Write *rows*, a line for each."""
        for row in rows:
            code = _COLOURS.get(row.style, "") if self.colour else ""
            self.stream.write(f"\x1b[{code}m{row.text}\x1b[0m\n" if code else f"{row.text}\n")
        self.stream.flush()

    def say(self, text: str = "", style: str = "") -> None:
        """Write one line."""
        self.write([Row(text, style)])

    def tell(self, text: str) -> None:
        """Write *text* in as many lines as it needs; what is indented as code stays as it is."""
        self.write(wrapped(text, self.width))


def console(stream: TextIO | None = None) -> Console:
    """Return the console on *stream*, by default standard output as it is now.

    Colours are for terminals, unless ``NO_COLOR`` is set (no-color.org) or ``TERM`` is ``dumb``.
    """
    stream = sys.stdout if stream is None else stream
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    width = min(max(shutil.get_terminal_size((80, 24)).columns, NARROWEST), WIDEST)
    return Console(stream, width, stream.isatty() and not plain, signs_for(stream))


def signs_for(stream: TextIO) -> Signs:
    """Return the characters that *stream* can show."""
    try:
        "".join(vars(UNICODE).values()).encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
