"""A notebook's code cell, and what of it a file can hold, line for line. It knows which names an exercise asks for.

It runs nothing, and does not know which cell is the answer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from grader.notebook.answers.magics import python_of
from grader.notebook.answers.parsing import parsed, references

EVERYTHING: Final = "*"  # the name that `from module import *` binds, and any name that it may bind
_ONLY_IN_NOTEBOOKS: Final = frozenset({"display", "get_ipython", "In", "Out", "_"})
_FOR_NOTEBOOKS: Final = frozenset({"nest_asyncio"})  # modules that are of use where a loop runs already, only
_NEEDS_A_LOOP: Final = frozenset({"all_tasks", "create_task", "current_task", "ensure_future", "get_running_loop"})
_BEHIND: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)

Statement = tuple[ast.stmt, frozenset[str]]  # at a cell's top level, and the names it binds or changes


@dataclass(frozen=True, eq=False)
class Cell:
    """A code cell as it was *given*, in an exercise that asks for the names *wanted* in a file of that *module*.

    small: it may be parsed.
    """

    given: str
    wanted: frozenset[str]
    module: str
    small: bool = True

    @cached_property
    def kept(self) -> str:
        """Its Python, without notebooks' own syntax and without tries; each line is where it was."""
        text = python_of(self.given)
        tree = parsed(text) if self.small else None
        return text if tree is None else _without(text, list(_tries(text, tree, self)))

    @cached_property
    def tree(self) -> ast.Module | None:
        """What is kept, parsed, if it is Python."""
        return parsed(self.kept) if self.small else None

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Those at its top level."""
        return () if self.tree is None else tuple((node, bound(node) | _changed(node)) for node in self.tree.body)

    @cached_property
    def names(self) -> frozenset[str]:
        """What it defines at its top level; when it is no Python, which of the wanted names it seems to."""
        if self.tree is not None:
            return frozenset().union(*(bound(node) for node in self.tree.body))
        seems = r"^(?:(?:(?:async[ \t]+)?def|class)[ \t]+{0}\b|{0}[ \t]*[:=])"
        return frozenset(n for n in self.wanted if re.search(seems.format(re.escape(n)), self.kept, re.MULTILINE))

    @cached_property
    def _lines(self) -> list[str]:
        return self.kept.split("\n")

    def lines_of(self, node: ast.stmt) -> range:
        """Return the numbers of the lines of one of its statements, decorators included."""
        return range(_first_line(node), (node.end_lineno or node.lineno) + 1)

    def text_of(self, node: ast.stmt) -> list[str]:
        """Return the lines of one of its statements, without others that share a line with it."""
        return _text_of(self._lines, node)

    def without(self, statements: Sequence[ast.stmt]) -> str:
        """Return what is kept without some of its statements, and every other line where it was."""
        return _without(self.kept, statements)


# -- tries -----------------------------------------------------------------------------------------------------


def _tries(text: str, tree: ast.Module, cell: Cell) -> Iterator[ast.stmt]:
    """Yield the statements that try the answer out or work in a notebook only, and what depends on those."""
    lines = text.split("\n")
    behind: dict[ast.stmt, frozenset[str]] = {
        node: references("\n".join(_text_of(lines, node)))
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    needed = cell.wanted.union(*behind.values())
    trying = _reaching(behind, cell.wanted)
    gone = set(_ONLY_IN_NOTEBOOKS)
    for node in tree.body:
        binds = bound(node)
        used = _loaded(_in_the_open(node)) - binds
        tried = not used.isdisjoint(trying) and needed.isdisjoint(binds | _changed(node)) and "__name__" not in used
        if _works_in_notebooks_only(node, cell.module) or not used.isdisjoint(gone) or tried:
            gone |= binds
            yield node
        else:
            gone -= binds


def _reaching(behind: dict[ast.stmt, frozenset[str]], wanted: frozenset[str]) -> frozenset[str]:
    """Return *wanted*, and the names of functions that call those or each other to get there."""
    users: dict[str, set[str]] = {}
    for node, used in behind.items():
        for name in used:
            users.setdefault(name, set()).update(bound(node))
    reaching, left = set(wanted), list(wanted)
    while left:
        more = users.get(left.pop(), set()) - reaching
        reaching |= more
        left += more
    return frozenset(reaching)


def _works_in_notebooks_only(statement: ast.stmt, module: str) -> bool:
    for node in _in_the_open(statement):
        match node:
            case ast.Await() | ast.AsyncFor() | ast.AsyncWith() | ast.comprehension(is_async=1):
                return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _NEEDS_A_LOOP:
                return True
            case ast.Import(names=[ast.alias(name=name), *_]) | ast.ImportFrom(module=str(name)):
                # The answer's own file, which other cells import.
                if name.partition(".")[0] in {*_FOR_NOTEBOOKS, module}:
                    return True
    return False


def _loaded(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def bound(statement: ast.stmt) -> frozenset[str]:
    """Return the names that *statement* binds in its module."""
    names: set[str] = set()
    for node in _in_the_open(statement):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.partition(".")[0])
    return frozenset(names)


def _changed(statement: ast.stmt) -> frozenset[str]:
    """Return the names of the objects that *statement* sets a part of, or registers something with."""
    names = set()
    for node in _in_the_open(statement):
        match node:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                inner: ast.AST = node
            case ast.Call(func=ast.Attribute(attr="register") as inner):  # of `functools.singledispatch`, say
                pass
            case _:
                continue
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
        names |= {inner.id} if isinstance(inner, ast.Name) else set()
    return frozenset(names)


def _in_the_open(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of *statement* that run with the module: not what is inside of functions and classes."""
    nodes: list[ast.AST] = [statement]
    while nodes:
        node = nodes.pop()
        yield node
        if isinstance(node, ast.comprehension):  # its variables are its own
            nodes += [node.iter, *node.ifs]
        elif not isinstance(node, _BEHIND):
            nodes += ast.iter_child_nodes(node)


# -- lines -----------------------------------------------------------------------------------------------------


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _text_of(lines: Sequence[str], node: ast.stmt) -> list[str]:
    assert node.end_lineno is not None
    found = list(lines[_first_line(node) - 1 : node.end_lineno])
    last = found[-1].encode()
    if last[node.end_col_offset :].lstrip().startswith(b";"):
        found[-1] = last[: node.end_col_offset].decode()
    if node.lineno == _first_line(node):
        found[0] = found[0].encode()[node.col_offset :].decode()
    return found


def _without(text: str, statements: Sequence[ast.stmt]) -> str:
    """Return *text* without *statements*, and every other line where it was."""
    if not statements:
        return text  # which may be no Python, and hold what cannot be encoded
    lines = [line.encode() for line in text.split("\n")]
    for node in reversed(statements):
        assert node.end_lineno is not None
        first, last = node.lineno - 1, node.end_lineno - 1
        before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        shared = before.strip() or after.strip()[:1] not in (b"", b"#")
        lines[first : last + 1] = [before + (b"pass" if shared else b"") + after, *[b""] * (last - first)]
    return b"\n".join(lines).decode()
