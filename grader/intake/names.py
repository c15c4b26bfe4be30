"""Which names of files are taken, ignored or refused, and how names are shown. It reads nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from grader.intake import limits
from grader.intake.model import UnreadableError

_JUNK: Final = frozenset(
    {"__macosx", "__pycache__", "node_modules", "venv", "site-packages", "thumbs.db", "desktop.ini"}
)
_JUNK_ENDS: Final = (".pyc", ".pyo", "~", ".egg-info")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
# Letters that have no accent to take off.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)

FILE: Final = "file"
LINK: Final = "link"
SPECIAL: Final = "special"

# A file that is left out, by its name as it came, and why.
Refused = tuple[str, str]


def printable(text: str, width: int = 160) -> str:
    """Return *text* as one line that is safe to print: what is not printable is escaped, what is long shortened."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[: 4 * width])
    return shown if len(shown) <= width else f"{shown[: width - 12]}…{shown[-11:]}"


def is_junk(path: str) -> bool:
    """Tell whether *path* is something that systems and tools leave behind, or hidden."""
    return any(_is_junk(part) for part in path.split("/"))


def _is_junk(part: str) -> bool:
    if part.startswith(".") and part not in {".", ".."}:
        return True
    lower = part.lower()
    return lower in _JUNK or lower.endswith(_JUNK_ENDS)


def fault_of(path: str) -> str | None:
    """Return why a file of that name is not read, or None when it may be."""
    parts = path.split("/")
    faults = (
        (not path or "" in parts[1:], "has an empty name"),
        (path.startswith("/"), "has an absolute name"),
        (".." in parts or "." in parts, "has a name that leads elsewhere (..)"),
        ("\\" in path or _DRIVE.match(path) is not None, "has a Windows path for a name"),
        (any("\ud800" <= c <= "\udfff" for c in path), "has a name that is not in UTF-8"),
        (any(unicodedata.category(c) in _INVISIBLE for c in path), "has control or invisible characters in its name"),
        (len(parts) > limits.DEPTH, f"lies more than {limits.DEPTH} folders deep"),
        (len(path) > limits.PATH or any(len(part) > limits.NAME for part in parts), "has too long a name"),
    )
    return next((text for wrong, text in faults if wrong), None)


def folded(path: str) -> str:
    """Return *path* as a file system without case and accents of its own would compare it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a person's name without case and accents, in their order."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(word for word in re.split(r"[\W_]+", bare) if word)


class Sieve:
    """Takes the members of one folder or archive and keeps those that may be read."""

    def __init__(self, members: int) -> None:
        """*members*: how many there may be at most."""
        self._left = members
        self._members = members
        self._sizes: dict[str, int] = {}
        self._spellings: defaultdict[str, set[tuple[str, bool]]] = defaultdict(set)
        self._twice: set[str] = set()
        self.refused: list[Refused] = []

    def offer(self, name: str, size: int, kind: str = FILE) -> bool:
        """Consider a member; tell whether it is kept so far. `UnreadableError` when there are too many."""
        self._left -= 1
        if self._left < 0:
            raise UnreadableError(f"holds more than {self._members} files")
        while name.startswith("./"):
            name = name[2:]
        if is_junk(name):
            return False
        fault = fault_of(name)
        if fault is None and kind != FILE:
            fault = "is a link" if kind == LINK else "is no ordinary file"
        if fault is not None:
            self.refuse(name, fault)
            return False
        if name in self._sizes:
            self._twice.add(name)
        self._sizes[name] = size
        self._spell(name)
        return True

    def refuse(self, name: str, why: str) -> None:
        """Note that a member is left out."""
        self.refused.append((name, why))

    def _spell(self, name: str) -> None:
        self._spellings[folded(name)].add((name, True))
        parent = name.rpartition("/")[0]
        while parent and (parent, False) not in self._spellings[folded(parent)]:
            self._spellings[folded(parent)].add((parent, False))
            parent = parent.rpartition("/")[0]

    def kept(self, *, apart: bool = False) -> dict[str, int]:
        """Return the files that may be read, path -> size; of names that collide none is kept.

        *apart*: names that differ in case do not collide, since they lie beside one another already.
        """
        clashing = {key for key, spellings in self._spellings.items() if len(spellings) > 1 and not apart}
        kept = {}
        for name, size in self._sizes.items():
            if name in self._twice or self._clashes(name, clashing):
                self.refuse(name, "has the same name as another")
            else:
                kept[name] = size
        return kept

    @staticmethod
    def _clashes(name: str, clashing: set[str]) -> bool:
        while name and clashing:
            if folded(name) in clashing:
                return True
            name = name.rpartition("/")[0]
        return False


def summed(refused: Sequence[Refused]) -> str:
    """Return one line for all files that were left out; there is at least one."""
    name, why = refused[0]
    further = len(refused) - 1
    return f"left out: {printable(name) or 'a member'} {why}" + (f"; and {further} more" if further else "")
