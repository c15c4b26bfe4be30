"""A submitted notebook is read whatever state it is in, or there is one line that says why it cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbformat", reason="pip install 'onedelay[nbgrader]'")

from grader.notebook.autograde.reading import read_notebook  # noqa: E402

CODE: dict[str, Any] = {
    "cell_type": "code",
    "metadata": {},
    "source": ["x = 1\n", "y = 2"],
    "outputs": [],
    "execution_count": None,
}


def notebook(**changes: Any) -> dict[str, Any]:
    return {"cells": [dict(CODE)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **changes}


def read(folder: Path, content: Any) -> tuple[Any, str]:
    path = folder / "handed-in.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_notebook(path)


def test_a_notebook_is_read_without_its_outputs(tmp_path: Path) -> None:
    """Its code is there as text; what it put out, of any size, is not."""
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000}
    found, why = read(tmp_path, notebook(cells=[{**CODE, "outputs": [output]}]))
    assert (found.cells[0].source, found.cells[0].outputs, why) == ("x = 1\ny = 2", [], "")


def test_cells_without_ids_get_different_ones(tmp_path: Path) -> None:
    """As in what older tools write, and in what was merged by hand."""
    found, why = read(tmp_path, notebook(cells=[dict(CODE), {**CODE, "id": "same"}, {**CODE, "id": "same"}]))
    assert why == ""
    assert len({cell.id for cell in found.cells}) == 3


def test_an_old_format_is_brought_up_to_date(tmp_path: Path) -> None:
    """Version 3 kept its cells in worksheets."""
    cell = {"cell_type": "code", "language": "python", "input": "x = 1", "outputs": [], "metadata": {}}
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [cell]}]}
    found, why = read(tmp_path, old)
    assert (found.nbformat, found.cells[0].source, why) == (4, "x = 1", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b'{"cells": [', "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"PK\x03\x04", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        ([], "no notebook"),
        (3, "no notebook"),
        ({}, "no notebook"),
        ({"cells": 3}, "no notebook"),
        (notebook(cells=[3]), "no notebook"),
        (notebook(cells=[{"cell_type": "code"}]), "no notebook"),
        (notebook(cells=[{**CODE, "source": 3}]), "no notebook"),
        (notebook(cells=[{**CODE, "metadata": 3}]), "no notebook"),
        (notebook(nbformat=99), "no notebook"),
    ],
)
def test_what_is_no_notebook_is_told_in_a_line(tmp_path: Path, content: Any, words: str) -> None:
    """An empty notebook takes its place."""
    found, why = read(tmp_path, content)
    assert words in why
    assert "\n" not in why
    assert len(why) <= 400
    assert found.cells == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A folder of that name as well."""
    assert read_notebook(tmp_path / "nothing.ipynb")[1] == "No such file or directory"
    assert read_notebook(tmp_path)[1] == "Is a directory"
