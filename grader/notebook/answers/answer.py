"""Which code of a notebook's cells is the answer to an exercise, as the file that is judged. It runs nothing.

The cells that define what the exercise asks for are taken whole; of other cells only what those refer to: an import, a
helper. A file cannot hold all that a notebook can: what awaits at the top level, or calls the answer there, is a try of
the learner's and is left out; so are magics and shell commands. Each line of the file remembers its cell.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from grader.notebook.answers.cells import EVERYTHING, Cell
from grader.notebook.answers.parsing import MOST_PARSED, references
from grader.timeline import Line
from grader.verdict import Verdict

ANSWER_CELL: Final = "answer cell"
_OTHER_CELL: Final = "another cell"
_WRITEFILE: Final = re.compile(r"\s*%%(?:writefile|file)\s+(?P<append>(?:-a|--append)\s+)?(?P<file>\S+)\s*")
_MOST_ALTOGETHER: Final = 2 * MOST_PARSED

Places = list[tuple[str, Line]]  # lines of the file, and where they stand in the notebook


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


def sources_of(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the code of a notebook's *cells*, as its file holds them, those that count most at the end.

    These are what the learner had judged: the cells that were run before the grade cells were run last, in their order.
    In a notebook that was not run, they are those above the grade cells.
    """
    graded = [place for place, cell in enumerate(cells) if _said(cell).get("grade")]
    judged = max((count for place in graded if (count := _count(cells[place]))), default=0)
    last = max(graded, default=-1)

    def rank(place: int) -> tuple[bool, int]:
        if not judged:
            return place <= last, place
        count = _count(cells[place])
        return (True, count) if 0 < count <= judged else (False, place)

    # An answer may have been turned into text by accident; it is turned back before it is graded.
    code = [p for p, cell in enumerate(cells) if cell.get("cell_type") == "code" or _said(cell).get("solution")]
    return ["".join(cells[place]["source"]) for place in sorted(code, key=rank)]


def _said(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a cell says of itself to nbgrader."""
    said = cell.get("metadata", {}).get("nbgrader")
    return said if isinstance(said, Mapping) else {}


def _count(cell: Mapping[str, Any]) -> int:
    count = cell.get("execution_count")
    return count if isinstance(count, int) else 0


def answer_of(
    sources: Sequence[str], wanted: Collection[str], file: str, stub: str = "", *, ran: bool = False
) -> Answer | None:
    """Return the answer in *sources*, those of code cells in their order, or None when there is none.

    wanted: the names that the exercise asks for. file: what the answer's file is called. stub: what was handed out; it
    counts only where nothing else does. ran: they are in the order in which they were run, so the last is the newest
    even if it is no Python; in a notebook's own order such a cell may be a draft that was left there, and counts only
    where no other does.
    """
    texts = [source.replace("\r\n", "\n").replace("\r", "\n") for source in sources]
    written = _written(texts, file, stub)
    if written is not None and not _same(written, stub):
        return Answer(written)
    cells = _cells(texts, frozenset(wanted), file.removesuffix(".py"))
    chosen = _chosen(cells, wanted, stub, ran=ran)
    if not chosen:
        return None if written is None else Answer(written)
    return _assembled(cells, chosen)


def _written(texts: Sequence[str], file: str, stub: str) -> str | None:
    """Return what the cells with ``%%writefile`` make of *file*, or None when there is none."""
    written: list[str] = []
    for text in texts:
        first, _, body = text.lstrip("\n").partition("\n")
        found = _WRITEFILE.fullmatch(first)
        if not found or found["file"].strip("'\"").removeprefix("./") != file:
            continue
        if found["append"] and written:
            written[-1] += f"{body}\n"
        else:
            written.append(f"{body}\n")
    return next((text for text in reversed(written) if not _same(text, stub)), written[-1] if written else None)


def _same(text: str, stub: str) -> bool:
    return text.split() == stub.split()


# -- which cells ----------------------------------------------------------------------------------------------


def _cells(texts: Sequence[str], wanted: frozenset[str], module: str) -> list[Cell]:
    """Return the cells; of too much text the smallest are parsed, for an answer is not what makes it so much."""
    left, small = _MOST_ALTOGETHER, set()
    for place in sorted(range(len(texts)), key=lambda place: len(texts[place])):
        left -= len(texts[place])
        if left >= 0 and len(texts[place]) <= MOST_PARSED:
            small.add(place)
    return [Cell(text, wanted, module, place in small) for place, text in enumerate(texts)]


def _chosen(cells: Sequence[Cell], wanted: Collection[str], stub: str, *, ran: bool) -> list[Cell]:
    """Return the cells that are taken whole: for each of the names that are *wanted*, the last that defines it."""

    def rank(cell: Cell) -> int:
        if _same(cell.given, stub):
            return 0  # so the stub's functions do not take the place of others
        return 1 if cell.tree is None and cell.small and not ran else 2

    order = sorted((cell for cell in cells if not cell.names.isdisjoint(wanted)), key=rank)
    last = [next((cell for cell in reversed(order) if name in cell.names), None) for name in wanted]
    return [cell for cell in order if cell in last]


# -- putting them together ------------------------------------------------------------------------------------


def _borrowed(chosen: Sequence[Cell], others: Sequence[Cell]) -> list[tuple[Cell, ast.stmt]]:
    """Return the statements of *others*, in their order, that *chosen* refer to, and those that these refer to."""
    givers = {name: cell for cell in others for name in cell.names if cell.tree is not None}
    stars = [(cell, node) for cell in others for node, names in cell.statements if EVERYTHING in names]
    missing = [name for cell in chosen for name in references(cell.kept)]
    seen = set(vars(builtins)).union(*(cell.names for cell in chosen))
    taken: set[ast.stmt] = set()
    while missing:
        name = missing.pop()
        if name in seen:
            continue
        seen.add(name)
        giver = givers.get(name)
        # What no cell defines may come from any `import *`.
        found = stars if giver is None else [(giver, node) for node, names in giver.statements if name in names]
        new = [(cell, node) for cell, node in found if node not in taken]
        taken.update(node for _, node in new)
        missing += [other for cell, node in new for other in references("\n".join(cell.text_of(node)))]
    return [(cell, node) for cell in others for node, _ in cell.statements if node in taken]


def _assembled(cells: Sequence[Cell], chosen: Sequence[Cell]) -> Answer:
    others = [cell for cell in cells if cell not in chosen]
    above: Places = []
    below: Places = []
    own = frozenset().union(*(cell.names for cell in chosen))
    after = set(cells[cells.index(chosen[-1]) :])
    for cell, node in _borrowed(chosen, others):
        # What uses the answer cannot stand above it; imports, wherever they are, have to.
        uses = cell in after and not references("\n".join(cell.text_of(node))).isdisjoint(own)
        places = (Line(_OTHER_CELL, number) for number in cell.lines_of(node))
        (below if uses else above).extend(zip(cell.text_of(node), places, strict=True))
    lines = [*_future(cells, chosen[-1]), *above]
    for cell in chosen:
        name = ANSWER_CELL if cell is chosen[-1] else _OTHER_CELL
        lines += ((line, Line(name, number)) for number, line in enumerate(_without_future(cell), 1))
    lines += below
    return Answer("\n".join([*(text for text, _ in lines), ""]), tuple(place for _, place in lines))


def _future(cells: Sequence[Cell], answer: Cell) -> Places:
    """Return the imports from ``__future__``: a notebook's hold for all of it, a file has them at its beginning."""
    found: dict[str, Line] = {}  # once each: a kernel remembers every version of a cell
    for cell in cells:
        for node in (node for node, _ in cell.statements if _is_future(node)):
            name = ANSWER_CELL if cell is answer else _OTHER_CELL
            found[ast.unparse(node)] = Line(name, node.lineno)
    return list(found.items())


def _without_future(cell: Cell) -> list[str]:
    imports = [node for node, _ in cell.statements if _is_future(node)]
    return cell.without(imports).split("\n")


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
