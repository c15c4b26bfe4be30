"""A notebook's code cell, and what of it a file can hold, line for line. It knows which names an exercise asks for.

It runs nothing, and does not know which cell is the answer.
"""

from __future__ import annotations

import ast
import re
import symtable
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

MOST_PARSED: Final = 256 * 1024  # characters: a cell may be made to cost time
EVERYTHING: Final = "*"  # the name that `from module import *` binds, and any name that it may bind
_RUNS_ITS_CELL: Final = re.compile(r"\s*%%(?:time|timeit|capture|prun|debug)\b")
# What a line is made of: comments, strings, brackets, ends. A string that does not end goes on for ever.
_PIECE: Final = re.compile(
    r"#[^\n]*"
    r"|(?P<long>\"\"\"|''')(?:\\.|[^\\])*?(?:(?P=long)|\Z)"
    r"|(?P<short>[\"'])(?:\\.|(?!(?P=short))[^\\\n])*"
    r"|[(\[{]|[)\]}]|\\\n|\n",
    re.DOTALL,
)
# A magic, a shell command, a question for help, or what a notebook takes for `%pip`.
_NOTEBOOKS_OWN: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<target>[\w.,* \t]+=[ \t]*)?(?P<mark>[%!])|\?|(?:pip3?|conda)[ \t]+\w|(?=[^#'\"\n]*\?[ \t]*(?:\n|\Z)))"
    r"(?P<rest>(?:[^\\\n]|\\.|\\\Z)*)",
    re.DOTALL,
)
_TIMED: Final = re.compile(r"time\s+(?P<statement>\S.*)")
_ONLY_IN_NOTEBOOKS: Final = frozenset({"display", "get_ipython", "In", "Out", "_"})
_FOR_NOTEBOOKS: Final = frozenset({"nest_asyncio"})  # modules that are of use where a loop runs already, only
_NEEDS_A_LOOP: Final = frozenset({"all_tasks", "create_task", "current_task", "ensure_future", "get_running_loop"})
_BEHIND: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_INSIDE: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

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
        text = self.given
        above, first, body = _split(text)
        if first.lstrip().startswith("%%"):
            # What times or captures its cell runs it; anything else is another language, or a file.
            text = f"{above}\n{body}" if _RUNS_ITS_CELL.match(first) else ""
        if not self.small:
            return text
        tree = parsed(text)
        if tree is None:
            text = _plain(textwrap.dedent(text))
            tree = parsed(text)
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

    def lines_of(self, node: ast.stmt) -> range:
        """Return the numbers of the lines of one of its statements, decorators included."""
        return range(_first_line(node), (node.end_lineno or node.lineno) + 1)

    def text_of(self, node: ast.stmt) -> list[str]:
        """Return the lines of one of its statements, without others that share a line with it."""
        return _text_of(self.kept.split("\n"), node)


def lines_as_python_counts(source: str) -> str:
    """Return *source* with one kind of line end."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


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


# -- what only a notebook understands --------------------------------------------------------------------------


def _split(text: str) -> tuple[str, str, str]:
    """Return the empty lines above, the first line with something in it, and the rest."""
    above = text[: len(text) - len(text.lstrip("\n"))]
    first, _, body = text[len(above) :].partition("\n")
    return above, first, body


def _plain(text: str) -> str:
    """Return *text* as a file can hold it: what is a notebook's own calls the notebook, and goes with its tries."""
    done, place = [], 0
    while place < len(text):
        own = _NOTEBOOKS_OWN.match(text, place)
        end = own.end() if own else _end_of_line(text, place)
        done.append(_instead(own) if own else text[place:end])
        if end == place:  # nothing but the text's end was found
            break
        place = end
    return "".join(done)


def _instead(own: re.Match[str]) -> str:
    target, lines = own["target"] or "", "\n" * own[0].count("\n")
    timed = _TIMED.fullmatch(own["rest"]) if own["mark"] == "%" else None
    if timed and parsed(timed["statement"]) is not None:
        return f"{own['indent']}{timed['statement']}{lines}"
    if own["indent"]:  # in a function, it may be: nothing is done there, and the rest of it is left alone
        return f"{own['indent']}{f'{target}None' if target else 'pass'}{lines}"
    return f"{target}get_ipython(){lines}"


def _end_of_line(text: str, place: int) -> int:
    """Return where the line that begins at *place* ends, which may be a few lines on: in a string, in brackets."""
    depth = 0
    for piece in _PIECE.finditer(text, place):
        if piece[0] in "([{":
            depth += 1
        elif piece[0] in ")]}":
            depth -= 1
        elif piece[0] == "\n" and depth <= 0:
            return piece.end()
    return len(text)


# -- tries -----------------------------------------------------------------------------------------------------


def _tries(text: str, tree: ast.Module, cell: Cell) -> Iterator[ast.stmt]:
    """Yield the statements that try the answer out or work in a notebook only, and what depends on those."""
    lines = text.split("\n")
    behind = {
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
    reaching, more = wanted, True
    while more:
        found = reaching.union(*(bound(node) for node, used in behind.items() if not used.isdisjoint(reaching)))
        reaching, more = found, found != reaching
    return reaching


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
    """Return the names of the objects that *statement* sets an item or an attribute of."""
    names = set()
    for node in _in_the_open(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            inner: ast.AST = node
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
        if isinstance(node, _INSIDE):  # its own variables are its own
            nodes += [part for part in ast.walk(node) if not isinstance(getattr(part, "ctx", None), ast.Store)][1:]
        elif not isinstance(node, _BEHIND):
            nodes += ast.iter_child_nodes(node)


# -- lines -----------------------------------------------------------------------------------------------------


def _first_line(node: ast.stmt) -> int:
    return min(part.lineno for part in (node, *getattr(node, "decorator_list", ())))


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
    lines = [line.encode() for line in text.split("\n")]
    for node in reversed(statements):
        assert node.end_lineno is not None
        first, last = node.lineno - 1, node.end_lineno - 1
        before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        shared = before.strip() or after.strip()[:1] not in (b"", b"#")
        lines[first : last + 1] = [before + (b"pass" if shared else b"") + after, *[b""] * (last - first)]
    return b"\n".join(lines).decode()
