"""Which code of a notebook's cells is the answer to an exercise, as the file that is judged. It runs nothing.

The cells that define what the exercise asks for are taken whole; of other cells only what those refer to: an import, a
helper. A file cannot hold all that a notebook can: what awaits at the top level, or calls the answer there, is a try of
the learner's and is left out; so are magics and shell commands. Each line of the file remembers its cell.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from grader.timeline import Line
from grader.verdict import Verdict

ANSWER_CELL: Final = "answer cell"
_OTHER_CELL: Final = "another cell"
_WRITEFILE: Final = re.compile(r"\s*%%(?:writefile|file)\s+(?P<append>(?:-a|--append)\s+)?(?P<file>\S+)\s*")
_RUNS_ITS_CELL: Final = re.compile(r"\s*%%(?:time|timeit|capture|prun|debug)\b")
_ASSIGNED_MAGIC: Final = re.compile(r"(\s*[\w.]+\s*=\s*)[%!].*")
_NOTEBOOKS_OWN: Final = re.compile(r"(\s*)(?:[%!?].*|[^#'\"]*\?\s*)")  # a magic, a shell command, a question for help
_MOST_PARSED: Final = 256 * 1024  # characters: a cell may be made to cost time
_ONLY_IN_NOTEBOOKS: Final = frozenset({"display", "get_ipython", "In", "Out", "_"})
_BEHIND: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)

Statement = tuple[ast.stmt, frozenset[str]]  # at a cell's top level, and the names it binds


@dataclass(frozen=True)
class Answer:
    """What is judged: *text* is a file, *places* says where each of its lines stands in the notebook.

    Without places the lines are the file's own: a cell that begins with ``%%writefile`` holds the file.
    """

    text: str
    places: tuple[Line, ...] = ()

    def relocated(self, verdict: Verdict, file: str) -> Verdict:
        """Return *verdict*, on this answer as *file*, with the notebook's lines in place of the file's."""
        if not self.places:
            return verdict
        diagnosis, picture = verdict.diagnosis, verdict.picture
        if diagnosis is not None:
            named = re.compile(rf"\b{re.escape(file)}:(\d+)")

            def renamed(text: str) -> str:
                return named.sub(lambda found: "{}:{}".format(*self._place(Line(file, int(found[1])), file)), text)

            line = diagnosis.line and self._place(diagnosis.line, file)
            seen, mark, hint = (renamed(text) for text in (diagnosis.seen, diagnosis.mark, diagnosis.hint))
            diagnosis = replace(diagnosis, line=line, seen=seen, mark=mark, hint=hint)
        if picture is not None:
            yours = (replace(op, line=op.line and self._place(op.line, file)) for op in picture.yours)
            picture = replace(picture, yours=tuple(yours))
        return replace(verdict, diagnosis=diagnosis, picture=picture)

    def _place(self, line: Line, file: str) -> Line:
        known = line.file == file and 0 < line.number <= len(self.places)
        return self.places[line.number - 1] if known else line


def answer_of(sources: Sequence[str], wanted: Collection[str], file: str, stub: str = "") -> Answer | None:
    """Return the answer in *sources*, those of code cells in their order, or None when there is none.

    wanted: the names that the exercise asks for. file: what the answer's file is called. stub: what was handed out; it
    counts only where nothing else does.
    """
    written = _written(sources, file)
    if written is not None:
        return Answer(written)
    cells = [_Cell(source, frozenset(wanted)) for source in sources]
    defining = [cell for cell in cells if cell.defines(wanted)]
    changed = [cell for cell in defining if cell.given.strip() != stub.strip()] or defining[-1:]
    last = [next((cell for cell in reversed(changed) if cell.defines({name})), None) for name in wanted]
    chosen = [cell for cell in changed if cell in last]
    if not chosen:
        return None
    return _assembled(_borrowed(chosen, [cell for cell in cells if cell not in chosen]), chosen)


def _written(sources: Sequence[str], file: str) -> str | None:
    """Return what the cells with ``%%writefile`` make of *file*, or None when there is none."""
    text = None
    for source in sources:
        first, _, body = source.replace("\r\n", "\n").lstrip("\n").partition("\n")
        found = _WRITEFILE.fullmatch(first)
        if found and found["file"].strip("'\"").removeprefix("./") == file:
            text = f"{text or ''}{body}\n" if found["append"] else f"{body}\n"
    return text


# -- cells ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Cell:
    """A code cell as it was *given*, and what of it a file can hold, line for line."""

    given: str
    wanted: frozenset[str]

    @cached_property
    def kept(self) -> str:
        """Its Python, without notebooks' own syntax and without tries."""
        text = self.given.replace("\r\n", "\n")
        first, _, body = text.lstrip("\n").partition("\n")
        if first.lstrip().startswith("%%"):
            # What times or captures its cell runs it; anything else is another language, or a file.
            text = f"\n{body}" if _RUNS_ITS_CELL.match(first) else ""
        tree = _parsed(text)
        if tree is None:
            text = "\n".join(map(_plain, textwrap.dedent(text).split("\n")))
            tree = _parsed(text)
        return text if tree is None else _without(text, list(_tries(tree, self.wanted)))

    @cached_property
    def tree(self) -> ast.Module | None:
        """What is kept, parsed, if it is Python."""
        return _parsed(self.kept)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Those at its top level."""
        return () if self.tree is None else tuple((node, frozenset(_bound(node))) for node in self.tree.body)

    def defines(self, names: Collection[str]) -> bool:
        """Return whether it binds one of *names* at its top level; when it is no Python, whether it seems to."""
        if self.tree is not None:
            return any(not bound.isdisjoint(names) for _, bound in self.statements)
        name = f"(?:{'|'.join(map(re.escape, names))})"
        return bool(re.search(rf"^(?:(?:(?:async\s+)?def|class)\s+{name}\b|{name}\s*[:=])", self.kept, re.MULTILINE))

    def lines_of(self, node: ast.stmt) -> range:
        """Return the numbers of the lines of one of its statements, decorators included."""
        first = min(part.lineno for part in (node, *getattr(node, "decorator_list", ())))
        return range(first, (node.end_lineno or first) + 1)

    def text_of(self, node: ast.stmt) -> list[str]:
        """Return the lines of one of its statements."""
        lines = self.kept.split("\n")
        return [lines[number - 1] for number in self.lines_of(node)]


def _parsed(text: str) -> ast.Module | None:
    if len(text) > _MOST_PARSED:
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _plain(line: str) -> str:
    """Return *line* as a file can hold it: what only a notebook understands does nothing there."""
    if assigned := _ASSIGNED_MAGIC.fullmatch(line):
        return f"{assigned[1]}None"
    own = _NOTEBOOKS_OWN.fullmatch(line)
    return line if own is None else f"{own[1]}pass"


def _tries(tree: ast.Module, wanted: frozenset[str]) -> Iterator[ast.stmt]:
    """Yield the statements that try the answer out, and what depends on those."""
    definitions = [node for node in tree.body if isinstance(node, _BEHIND)]
    needed = {name for node in definitions for name in _loaded(ast.walk(node))}
    gone = set(_ONLY_IN_NOTEBOOKS)
    for node in tree.body:
        bound = set(_bound(node))
        used = _loaded(_in_the_open(node)) - bound
        tried = not used.isdisjoint(wanted) and bound.isdisjoint(wanted | needed) and "__name__" not in used
        if _awaits(node) or not used.isdisjoint(gone) or (tried and node not in definitions):
            gone |= bound
            yield node
        else:
            gone -= bound


def _awaits(statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or getattr(node, "is_async", 0)
        for node in _in_the_open(statement)
    )


def _loaded(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that *statement* binds in its module."""
    for node in _in_the_open(statement):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]


def _in_the_open(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of *statement* that run with the module: not what is inside of functions and classes."""
    nodes: list[ast.AST] = [statement]
    while nodes:
        node = nodes.pop()
        yield node
        if not isinstance(node, _BEHIND):
            nodes += ast.iter_child_nodes(node)


def _without(text: str, statements: Sequence[ast.stmt]) -> str:
    """Return *text* with `pass` in place of *statements*, and every other line where it was."""
    lines = [line.encode() for line in text.split("\n")]
    for node in reversed(statements):
        assert node.end_lineno is not None
        first, last = node.lineno - 1, node.end_lineno - 1
        rest = lines[last][node.end_col_offset :]
        lines[first : last + 1] = [lines[first][: node.col_offset] + b"pass" + rest, *[b""] * (last - first)]
    return b"\n".join(lines).decode()


# -- putting it together --------------------------------------------------------------------------------------


def _borrowed(chosen: Sequence[_Cell], others: Sequence[_Cell]) -> list[tuple[_Cell, ast.stmt]]:
    """Return the statements of *others*, in their order, that *chosen* refer to, and those that these refer to."""
    seen = {*vars(builtins), *(name for cell in chosen for _, bound in cell.statements for name in bound)}
    missing = [name for cell in chosen for name in _references(cell.kept)]
    taken: set[ast.stmt] = set()
    while missing:
        name = missing.pop()
        if name in seen:
            continue
        seen.add(name)
        giver = next((cell for cell in reversed(others) if cell.tree is not None and cell.defines({name})), None)
        if giver is not None:
            found = [node for node, bound in giver.statements if name in bound]
            taken.update(found)
            missing += [name for node in found for name in _references("\n".join(giver.text_of(node)))]
    return [(cell, node) for cell in others for node, _ in cell.statements if node in taken]


def _references(text: str) -> set[str]:
    """Return the names that *text* takes from its module, or from nowhere."""
    try:
        tables = [symtable.symtable(text, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
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
    return names


def _assembled(borrowed: Sequence[tuple[_Cell, ast.stmt]], chosen: Sequence[_Cell]) -> Answer:
    lines: list[tuple[str, Line]] = []
    for cell, node in borrowed:
        places = (Line(_OTHER_CELL, number) for number in cell.lines_of(node))
        lines += zip(cell.text_of(node), places, strict=True)
    for cell in chosen:
        name = ANSWER_CELL if cell is chosen[-1] else _OTHER_CELL
        lines += ((line, Line(name, number)) for number, line in enumerate(cell.kept.split("\n"), 1))
    if len(chosen) > 1 or borrowed:
        # A file may have these at its beginning only; every cell may.
        future = [line for line in lines if line[0].startswith("from __future__ import")]
        lines = future + [("", place) if (text, place) in future else (text, place) for text, place in lines]
    return Answer("\n".join([*(text for text, _ in lines), ""]), tuple(place for _, place in lines))
