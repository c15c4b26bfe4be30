"""Makes text of a learner's safe to show: what steers a reader's screen is made visible, what is long is cut.

It knows no report; escaping for HTML, Markdown or CSV is each report's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

# Controls, format characters (bidirectional ones among them), lone surrogates, line and paragraph separators.
_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"  # part of how Persian, Hindi and families of emoji are written; they steer nothing


class _Marks(dict[int, str]):
    # What each character is shown as, found out once.
    def __missing__(self, code: int) -> str:
        character = chr(code)
        nothing = code & 0xFFFE == 0xFFFE  # no character at all; XML allows none of them
        steers = unicodedata.category(character) in _STEERING and character not in _JOINERS
        # As Python writes it, which learners can read and every font can show.
        mark = character.encode("unicode_escape").decode() if steers or nothing else character
        self[code] = mark
        return mark


_IN_A_LINE: Final = _Marks()
_IN_A_BLOCK: Final = _Marks({ord("\n"): "\n", ord("\t"): "    "})


def line(text: str, limit: int = 500) -> str:
    """Return *text* as one line, cut to *limit* characters, with controls and bidi marks written as Python does."""
    return _visible(_cut(text, limit), _IN_A_LINE)


def prose(text: str, limit: int = 600) -> str:
    """Return *text* as `line` does, but with a blank for each line end, tab, or row of blanks in it."""
    return line(" ".join(text.split()), limit)


def block(text: str, limit: int = 4000, lines: int = 40) -> str:
    """Return *text* cut to so many characters and *lines*, its line ends kept; a last line says how much is cut."""
    text = text.replace("\r\n", "\n").strip("\n")
    kept = text[:limit].split("\n")[:lines]
    shown = _visible("\n".join(kept), _IN_A_BLOCK)
    cut = len(text) - len("\n".join(kept))
    return f"{shown}\n\u2026 {cut:,} more characters" if cut else shown


def _visible(text: str, marks: Mapping[int, str]) -> str:
    return text if text.isprintable() else text.translate(marks)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}\u2026"
