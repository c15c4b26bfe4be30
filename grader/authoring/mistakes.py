"""Lists the diagnoses that are exercises' own, from the words beside their tests. It runs nothing.

Their words stand in ``mistakes.toml``, or in the test: in calls of ``fail("code", "title", …)``, or in a table whose
rows begin with the code and the title of a known wrong file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from grader.authoring import truths
from grader.exercise import Exercise

_CODE: Final = re.compile(r"[a-z]+(?:-[a-z]+)+")
# A line of a table of words; the title stands behind the code, or below it and what it is about.
_LINE: Final = re.compile(r"^([a-z]+(?:-[a-z]+)+): (?:\w+\n +)?(.+ .+)$", re.MULTILINE)


def page(exercises: Sequence[Exercise], shared: AbstractSet[str]) -> str:
    """Return the text of ``docs/own-diagnoses.md``: for each exercise its codes, but for the *shared*, and titles."""
    lines = [
        "# Diagnoses of single exercises",
        "",
        "<!-- Written by `onedelay refresh`; change the words beside the exercises' tests. -->",
        "",
        "What only one exercise knows has a diagnosis of its own, beside [those that all share](diagnoses.md). The",
        "report explains each where it occurs; here is what there is, to search in. `…` stands for what it fills in.",
        "",
        "Some of them say what the exercise is about, so do it before you read its part.",
    ]
    for exercise in exercises:
        known = titles(exercise, shared)
        if known:
            lines += ["", f"## {exercise.number} {exercise.slug}", "", "| code | what the report says |", "|---|---|"]
            lines += [f"| `{code}` | {'; '.join(words).replace('|', chr(92) + '|')} |" for code, words in known.items()]
    return "\n".join(lines) + "\n"


def titles(exercise: Exercise, shared: AbstractSet[str] = frozenset()) -> dict[str, list[str]]:
    """Return the exercise's own codes, by name, each with the titles that can be read without running anything.

    shared: the codes that all exercises share; they count only where the exercise has words of its own for them.
    """
    found: dict[str, dict[str, None]] = {}
    for code, words in exercise.mistakes.items():
        found.setdefault(code.partition(".")[0], {})[words["title"]] = None
    wrong = {file.name.partition(".")[0] for file in truths.rejected(exercise)}
    for code, title, said in _pairs(ast.parse(exercise.test.read_text("utf-8")), listed=bool(exercise.mistakes)):
        if said or code in wrong:
            found.setdefault(code, {})[title] = None
    return {code: list(found.get(code, [code.replace("-", " ")])) for code in sorted({*found, *(wrong - shared)})}


def _pairs(tree: ast.AST, *, listed: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield each code that is followed by a title, in a call, a row or a line, and whether that is said outright.

    listed: the words for ``x.fail(...)`` are in ``mistakes.toml``.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((code, title, False) for code, title in _LINE.findall(node.value))
        if listed and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fail":
            continue
        for first, second in _neighbours(node):
            code, title = _text(first), _text(second)
            if _CODE.fullmatch(code) and title and not title.endswith("."):  # a title is no sentence
                yield code, title, isinstance(node, ast.Call) and ast.unparse(node.func) == "fail"


def _neighbours(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Call):
        yield from zip(node.args, node.args[1:], strict=False)
    elif isinstance(node, ast.Tuple | ast.List):
        yield from zip(node.elts, node.elts[1:], strict=False)
    elif isinstance(node, ast.Dict):
        rows = zip(node.keys, node.values, strict=True)
        yield from ((key, value.elts[0]) for key, value in rows if key and isinstance(value, ast.Tuple) and value.elts)


def _text(node: ast.expr) -> str:
    """Return a literal text, ``…`` in place of what is filled in, or nothing."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""
