"""Reads a submitted notebook, whatever state it is in, and says which one it is. It knows no gradebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat


@dataclass(frozen=True)
class Place:
    """A notebook of a student's: whose, of which assignment, and its name."""

    student: str
    assignment: str
    notebook: str

    @property
    def shown(self) -> str:
        """Whose it is, as a log says it."""
        return f"{self.student}/{self.assignment}/{self.notebook}"


@dataclass
class State:
    """What one step learns of a notebook and another needs. unreadable: why nothing of it could be read."""

    notes: list[str] = field(default_factory=list)
    unreadable: str = ""


def read_notebook(path: Path) -> tuple[Any, str]:
    """Return the notebook at *path* without outputs, in the current format; an empty one, and why, if that fails."""
    empty = nbformat.v4.new_notebook()
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        return empty, str(error.strerror)
    except (ValueError, RecursionError) as error:
        return empty, f"it is no JSON ({error})".split("\n")[0]
    if not isinstance(data, dict):
        return empty, "it is no notebook (its JSON is no object)"
    try:
        for cell in data.get("cells", ()):
            if "outputs" in cell:
                cell["outputs"] = []  # of any size; none of it is needed
        notebook = nbformat.reads(json.dumps(data), as_version=4)
        sound = all(isinstance(cell.source, str) and isinstance(cell.metadata, dict) for cell in notebook.cells)
    except Exception as error:  # noqa: BLE001 - of what is no notebook anything may be raised
        return empty, f"it is no notebook ({type(error).__name__}: {error})".split("\n")[0][:300]
    if not sound:
        return empty, "it is no notebook (a cell without a source)"
    return nbformat.validator.normalize(notebook)[1], ""


def place_of(resources: Mapping[str, Any]) -> Place:
    """Return which notebook *resources* are of."""
    said = resources["nbgrader"]
    return Place(said["student"], said["assignment"], said["notebook"])
