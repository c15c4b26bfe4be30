"""How much room text takes in a picture: a guess on the safe side, since nobody knows the reader's fonts."""

from __future__ import annotations

import unicodedata
from typing import Final

# In ems, of a wide sans serif (Verdana, DejaVu Sans): where the reader's is narrower there is room left.
_ROOMS: Final = (
    ("ijl'|", 0.29),
    (" .,:;!", 0.36),
    ('tfr()[]{}-/\\"I', 0.45),
    ("csvxyzk_J*", 0.59),
    ("mwMW@%&…—→", 1.0),
)
_EACH: Final = {character: room for characters, room in _ROOMS for character in characters}
_CAPITAL: Final = 0.74
_SMALL: Final = 0.64
_WIDE: Final = 1.05  # East Asian characters and most symbols of two columns
_FIXED: Final = 0.62


def width(text: str, size: float, *, fixed: bool = False) -> float:
    """Return about how wide *text* is at a font of that *size*, at most; fixed: in letters of one width."""
    return sum(map(_fixed if fixed else _proportional, text)) * size


def _proportional(character: str) -> float:
    if character in _EACH:
        return _EACH[character]
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return _CAPITAL if character.isupper() else _SMALL


def _fixed(character: str) -> float:
    return 2 * _FIXED if unicodedata.east_asian_width(character) in "WF" else _FIXED


def cut(text: str, room: float, size: float, *, fixed: bool = False) -> str:
    """Return as much of *text* as fits into *room*, with an ellipsis for the rest; nothing when not even one does."""
    if width(text, size, fixed=fixed) <= room:
        return text
    left = room - width("…", size, fixed=fixed)
    kept = []
    for character in text:
        left -= width(character, size, fixed=fixed)
        if left < 0:
            break
        kept.append(character)
    return f"{''.join(kept).rstrip()}…" if kept else ""


def wrapped(text: str, room: float, size: float, lines: int) -> list[str]:
    """Return *text* in at most so many *lines* that fit into *room*, broken between words, the rest cut off."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= room:
            taken += 1
        found.append(cut(" ".join(words[:taken]), room, size))
        words = words[taken:]
    if words:
        found.append(cut(" ".join(words), room, size))
    return found
