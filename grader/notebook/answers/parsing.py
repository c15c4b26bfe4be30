"""Reads Python without running it: as a tree, and which names it takes from elsewhere. It knows no notebook."""

from __future__ import annotations

import ast
import symtable
import warnings
from functools import lru_cache
from typing import Final

MOST_PARSED: Final = 256 * 1024  # characters: a cell may be made to cost time


@lru_cache(maxsize=2)  # a cell is looked at in several steps
def parsed(text: str) -> ast.Module | None:
    """Return *text* parsed, or None when it is no Python. What it warns of is for whoever wrote it, not for here."""
    if len(text) > MOST_PARSED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def references(text: str) -> frozenset[str]:
    """Return the names that *text* takes from its module, or from nowhere."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables = [symtable.symtable(text, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (top or symbol.is_global())
        }
    return frozenset(names)
