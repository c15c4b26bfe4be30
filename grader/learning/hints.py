"""The hints of an exercise, read from its README, the gentlest first. It knows no progress."""

from __future__ import annotations

import re
import textwrap

from grader.exercise import Exercise


def hints(exercise: Exercise) -> list[str]:
    """Return the hints of *exercise* as plain text; none where it has no README."""
    readme = exercise.folder / "README.md"
    return hints_of(readme.read_text("utf-8", "replace")) if readme.is_file() else []


def hints_of(text: str) -> list[str]:
    """Return the numbered items below ``## Hints`` in an exercise's README, without their markup."""
    section = re.search(r"^## Hints$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if section is None:
        return []
    items = re.split(r"^\d+\.\s+", section[1], flags=re.MULTILINE)[1:]
    return [_plain(item) for item in items]


def _plain(item: str) -> str:
    lines = []
    code = False
    first, _, rest = item.partition("\n")
    for line in [first, *textwrap.dedent(rest).splitlines()]:
        if line.lstrip().startswith("```"):
            code = not code
            continue
        text = line.rstrip() if code else re.sub(r"</?(details|summary)>", "", line).rstrip()
        lines.append(f"    {text}".rstrip() if code else text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
