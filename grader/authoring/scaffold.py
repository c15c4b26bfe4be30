"""Starts a new exercise: a small working one, to be changed bit by bit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from grader.exercise import Exercise, exercises_in

TEMPLATE: Final = Path(__file__).parent / "template"
_NAME: Final = re.compile(r"(?P<number>\d{2})_(?P<slug>[a-z][a-z0-9_]*)")


class BadNameError(ValueError):
    """A name that no new exercise can have; the message says why."""


def create(folder: Path, name: str) -> list[Path]:
    """Write the files of a new exercise *name* (``NN_slug``) into *folder* and the solutions beside it; return them.

    `BadNameError` for a name of another form, or a number or slug that is taken. Nothing is overwritten.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise BadNameError(f"{name!r} is no name for an exercise; write two digits and a name, such as 42_feed_cats")
    number, slug = match["number"], match["slug"]
    for known in exercises_in(folder):
        if known.number == number or known.slug == slug:
            raise BadNameError(f"{name}: there is {known.name} already")
    exercise = Exercise(folder / name)
    if exercise.folder.exists() or exercise.solutions.exists():
        raise BadNameError(f"{name}: the folder is there already")
    written = []
    for source in sorted(TEMPLATE.rglob("*.txt")):
        kind, *rest = source.relative_to(TEMPLATE).parts
        target = (exercise.folder if kind == "exercise" else exercise.solutions).joinpath(*rest)
        target = target.with_name(target.name.removesuffix(".txt").replace("SLUG", slug))
        target.parent.mkdir(parents=True, exist_ok=True)
        text = re.sub(r"\bNN\b", number, source.read_text("utf-8"))
        target.write_text(text.replace("SLUG", slug), "utf-8")
        written.append(target)
    return written
