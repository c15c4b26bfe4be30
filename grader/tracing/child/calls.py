"""What an instruction of some code calls, in the words of its source. It runs nothing."""

from __future__ import annotations

import itertools
import linecache
from types import CodeType


def name(code: CodeType, instruction: int) -> str:
    """Return what the *instruction* calls, such as ``time.sleep``; nothing when it calls nothing that has a name."""
    place = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
    if place is None or None in place:
        return ""
    first, last, start, end = place
    assert first is not None
    assert last is not None
    lines = [linecache.getline(code.co_filename, number) for number in range(first, last + 1)]
    # Columns count bytes.
    text = "".join(lines).encode()[start : None if first != last else end].decode("utf-8", "replace")
    called, bracket, _ = text.partition("(")
    named = all(part.isidentifier() for part in called.split("."))
    return called if bracket and named else ""
