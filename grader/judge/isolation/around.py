"""Paths that together show all that some folders hold, save what is to be hidden. It knows no rights and no process."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path


def around(paths: Sequence[str], hidden: Collection[Path]) -> tuple[list[str], list[str]]:
    """Return what to show in place of *paths*, and the folders that are therefore not shown as a whole.

    What a link leads to counts, wherever the link is.
    """
    secret = {os.path.realpath(path) for path in hidden}
    above = {str(folder) for path in secret for folder in Path(path).parents}
    shown: list[str] = []
    broken: dict[str, bool] = {}
    for path in paths:
        real = os.path.realpath(path)
        if real in above:
            shown += _inside(real, secret, above, broken)
        elif not _is_in(real, secret):
            shown.append(path)
    return list(dict.fromkeys(shown)), list(broken)


def _inside(folder: str, secret: set[str], above: set[str], broken: dict[str, bool]) -> Iterator[str]:
    if folder in broken:
        return
    broken[folder] = True
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
            if real in above:
                yield from _inside(real, secret, above, broken) if real == entry.path else ()
            elif not _is_in(real, secret):
                yield entry.path


def _is_in(path: str, secret: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in secret)
