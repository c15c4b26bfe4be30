"""The cells of a course's own notebooks, as they were released; and those of a submission, put right by them.

A student can delete, double, move and edit what is locked, by accident or not. All that a mark rests on is taken from
the master here; only the code of the student's is the student's. It knows no gradebook and runs nothing.
"""

from __future__ import annotations

import ast
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

_CALL: Final = re.compile(r"^from grader\.notebook import judge$", re.MULTILINE)
SCHEMA: Final = 3  # of nbgrader's metadata


@dataclass(frozen=True)
class Call:
    """What a grade cell asks for: `grader.notebook.judge` with these arguments."""

    exercise: str
    points: float
    hidden: bool = False
    clock: str = "decisive"


def call_in(source: str) -> Call | None:
    """Return what a cell's *source* asks for, unless an instructor has made something else of it."""
    if not _CALL.search(source):
        return None
    try:
        last = ast.parse(source).body[-1]
        if not (isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)):
            return None
        given = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in last.value.keywords}
        return Call(*map(ast.literal_eval, last.value.args), **given)
    except (SyntaxError, ValueError, TypeError):
        return None


@dataclass(frozen=True)
class Master:
    """A cell that nbgrader knows: its *name*, type, source, checksum, and what it is for. points: of a grade cell."""

    name: str
    kind: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None = None

    @cached_property
    def call(self) -> Call | None:
        """What it asks for, when it is one of our grade cells."""
        asked = call_in(self.source) if self.grade and self.kind == "code" else None
        # Where the cell and the gradebook say different things, the gradebook knows what the cell is worth.
        return asked if asked is None or self.points is None else replace(asked, points=self.points)

    @property
    def metadata(self) -> dict[str, Any]:
        """What its cell says of itself to nbgrader."""
        said = {
            "schema_version": SCHEMA,
            "grade_id": self.name,
            "cell_type": self.kind,
            "checksum": self.checksum,
            "locked": self.locked,
            "grade": self.grade,
            "solution": self.solution,
            "task": self.task,
        }
        return said if self.points is None else {**said, "points": self.points}


@dataclass
class Repaired:
    """The cells of a submission as they are graded, and *notes* on what was put right."""

    cells: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


def repair(cells: Sequence[Mapping[str, Any]], masters: Sequence[Master]) -> Repaired:
    """Return *cells*, as a notebook file holds them, with every cell of *masters* once and as it was released.

    The others of a cell that is there several times are the student's own, as any cell that the master does not have.
    """
    done = Repaired([])
    known = {master.name: master for master in masters}
    counting = _counting(cells, known, done.notes)
    for place, given in enumerate(cells):
        cell = _cleaned(given)
        name = _name(given)
        if counting.get(name) == place:
            _restore(cell, known[name], done.notes)
        done.cells.append(cell)
    _add_missing(done, masters, set(counting))
    order = [name for cell in done.cells if (name := _name(cell)) in known]
    if order != [master.name for master in masters if master.name in order]:
        done.notes.append("cells of the assignment were moved")
    return done


def _counting(cells: Sequence[Mapping[str, Any]], known: Mapping[str, Master], notes: list[str]) -> dict[str, int]:
    """Return the place of the cell that counts for each of the *known* names that are there."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if (name := _name(cell)) in known:
            places.setdefault(name, []).append(place)
    notes += [f"`{name}` is there {len(found)} times" for name, found in places.items() if len(found) > 1]
    # A copy of a locked cell may have been made to hold something else, which putting it right would lose.
    whole = {n: [p for p in found if known[n].locked and _is_as(cells[p], known[n])] for n, found in places.items()}
    return {name: (whole[name] or found)[-1] for name, found in places.items()}


def _is_as(cell: Mapping[str, Any], master: Master) -> bool:
    """Return whether a cell says what was released, or what it was released from, but for spaces."""
    words = str(cell["source"]).split()
    return words in (master.source.split(), _without_hidden(master.source).split())


def _name(cell: Mapping[str, Any]) -> str:
    said = cell.get("metadata", {}).get("nbgrader")
    name = said.get("grade_id") if isinstance(said, Mapping) else None
    return name if isinstance(name, str) else ""


def _cleaned(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell without outputs, and without what it says of itself to nbgrader."""
    cell = dict(given)
    cell["metadata"] = {name: value for name, value in given.get("metadata", {}).items() if name != "nbgrader"}
    if cell.get("cell_type") == "code":
        cell["outputs"] = []  # but it keeps its count: in which order cells were run says which of them count
        cell.setdefault("execution_count", None)
        cell.pop("attachments", None)  # only text has any
    return cell


def _restore(cell: dict[str, Any], master: Master, notes: list[str]) -> None:
    if cell["cell_type"] != master.kind:
        notes.append(f"`{master.name}` was turned into a {cell['cell_type']} cell")
        cell["cell_type"] = master.kind
        for name in ("outputs", "execution_count", "attachments"):
            cell.pop(name, None)
        if master.kind == "code":
            cell |= {"outputs": [], "execution_count": None}
    if master.locked:
        if not _is_as(cell, master):
            notes.append(f"`{master.name}` was edited: what was released counts")
        cell["source"] = master.source
    cell["metadata"]["nbgrader"] = master.metadata


def _without_hidden(source: str) -> str:
    kept, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or "BEGIN HIDDEN TESTS" in line
        if not hidden:
            kept.append(line)
        hidden = hidden and "END HIDDEN TESTS" not in line
    return "\n".join(kept)


def _add_missing(done: Repaired, masters: Sequence[Master], there: set[str]) -> None:
    """Put each missing cell after the one that it follows in the master."""
    before = ""
    for master in masters:
        if master.name not in there:
            done.notes.append(f"`{master.name}` was deleted: it was put back")
            places = [place for place, cell in enumerate(done.cells) if _name(cell) == before != ""]
            done.cells.insert(places[0] + 1 if places else 0, _made(master))
        before = master.name


def _made(master: Master) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": master.kind,
        "id": secrets.token_hex(8),
        "metadata": {"nbgrader": master.metadata},
        "source": master.source if master.locked else "",
    }
    return cell if master.kind != "code" else cell | {"outputs": [], "execution_count": None}
