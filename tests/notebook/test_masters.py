"""A submission's cells are put right by the released ones, whatever was done to them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebook.masters import Call, Master, Repaired, repair

JUDGE = "# Run this.\nfrom grader.notebook import judge\n\njudge('03_gather_weather', points=8)"
HIDDEN = "# More.\n### BEGIN HIDDEN TESTS\nfrom grader.notebook import judge\n\njudge('03_gather_weather', points=2, hidden=True)\n### END HIDDEN TESTS"


def master(name: str, source: str, kind: str = "code", *, points: float | None = None, mine: bool = False) -> Master:
    return Master(name, kind, source, f"sum of {name}", not mine, points is not None, mine, task=False, points=points)


MASTERS = [
    master("task", "# Task", "markdown"),
    master("answer", "STUB", mine=True),
    master("checks", JUDGE, points=8.0),
    master("hidden-checks", HIDDEN, points=2.0),
    master("hints", "## Hints", "markdown"),
]


def cell(name: str | None, source: str, kind: str = "code", **more: Any) -> dict[str, Any]:
    said = {"grade_id": name, "locked": True, "grade": False, "solution": False, "points": 1000, "checksum": "x"}
    made = {"cell_type": kind, "id": "i", "source": source, "metadata": {} if name is None else {"nbgrader": said}}
    outputs = {"outputs": [{"output_type": "stream"}], "execution_count": 3} if kind == "code" else {}
    return {**made, **outputs, **more}


def handed_in() -> list[dict[str, Any]]:
    return [
        cell("task", "# Task", "markdown"),
        cell("answer", "def fetch(): ..."),
        cell("checks", JUDGE),
        cell("hidden-checks", "# More."),
        cell(None, "fetch()"),
        cell("hints", "## Hints", "markdown"),
    ]


def names(done: Repaired) -> list[str]:
    return [c["metadata"].get("nbgrader", {}).get("grade_id", "-") for c in done.cells]


def named(done: Repaired, name: str) -> dict[str, Any]:
    found = [c for c in done.cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name]
    assert len(found) == 1
    return found[0]


def whole(done: Repaired) -> None:
    """Check that all that a mark rests on is the master's."""
    for one in MASTERS:
        found = named(done, one.name)
        assert found["metadata"]["nbgrader"] == one.metadata
        assert found["cell_type"] == one.kind
        assert found["source"] == one.source or not one.locked
    assert all(c["outputs"] == [] and "execution_count" in c for c in done.cells if c["cell_type"] == "code")
    assert all("outputs" not in c for c in done.cells if c["cell_type"] != "code")


def test_what_was_handed_in_as_it_was_released_is_only_cleaned() -> None:
    """The hidden checks come back; the learner's cells stay where they are; there is nothing to note."""
    before = handed_in()
    given = copy.deepcopy(before)
    done = repair(given, MASTERS)
    whole(done)
    assert done.notes == []
    assert names(done) == ["task", "answer", "checks", "hidden-checks", "-", "hints"]
    assert [c["source"] for c in done.cells] == ["# Task", "def fetch(): ...", JUDGE, HIDDEN, "fetch()", "## Hints"]
    assert given == before, "the submission itself was changed"


@pytest.mark.parametrize("gone", [m.name for m in MASTERS])
def test_a_deleted_cell_is_put_back_where_it_was(gone: str) -> None:
    """A locked one with what was released, an answer empty."""
    cells = [c for c in handed_in() if c["metadata"].get("nbgrader", {}).get("grade_id") != gone]
    done = repair(cells, MASTERS)
    whole(done)
    assert done.notes == [f"`{gone}` was deleted: it was put back"]
    assert [name for name in names(done) if name != "-"] == [m.name for m in MASTERS]


def test_of_an_empty_notebook_all_cells_are_put_back() -> None:
    """In their order."""
    done = repair([], MASTERS)
    whole(done)
    assert names(done) == [m.name for m in MASTERS]
    assert named(done, "answer")["source"] == ""
    assert len({c["id"] for c in done.cells}) == len(MASTERS)


def test_a_doubled_cell_counts_once() -> None:
    """The other one is the learner's own: its code may be the answer."""
    cells = handed_in()
    done = repair([*cells, cell("answer", "STUB"), cell("checks", JUDGE)], MASTERS)
    whole(done)
    assert done.notes[:2] == ["`answer` is there 2 times", "`checks` is there 2 times"]
    assert "def fetch(): ..." in [c["source"] for c in done.cells]


def test_a_copy_of_a_locked_cell_may_hold_the_answer() -> None:
    """It is not lost to what was released."""
    mine = "def fetch(): return 1"
    for cells in ([*handed_in(), cell("checks", mine)], [cell("checks", mine), *handed_in()]):
        done = repair(cells, MASTERS)
        whole(done)
        assert mine in [c["source"] for c in done.cells]
        assert "`checks` was edited: what was released counts" not in done.notes


def test_moved_cells_are_noted() -> None:
    """They stay where the learner put them."""
    done = repair(handed_in()[::-1], MASTERS)
    whole(done)
    assert done.notes == ["cells of the assignment were moved"]
    assert names(done) == ["hints", "-", "hidden-checks", "checks", "answer", "task"]


@pytest.mark.parametrize("source", ["judge = lambda *a, **k: 8.0\njudge()", "", "8.0", JUDGE.replace("8", "1000")])
def test_an_edited_locked_cell_is_as_it_was_released(source: str) -> None:
    """With a note."""
    cells = handed_in()
    cells[2]["source"] = source
    done = repair(cells, MASTERS)
    whole(done)
    assert done.notes == ["`checks` was edited: what was released counts"]


def test_other_line_ends_and_spaces_are_no_edit() -> None:
    """Some program has saved the notebook, not a learner changed it."""
    cells = handed_in()
    cells[2]["source"] = JUDGE.replace("\n", "\r\n") + "\n  "
    cells[3]["source"] = HIDDEN
    done = repair(cells, MASTERS)
    whole(done)
    assert done.notes == []


@pytest.mark.parametrize("kind", ["markdown", "raw", "code"])
def test_a_cell_that_was_turned_into_another_type_is_turned_back(kind: str) -> None:
    """Text and code alike, with what was attached to text."""
    cells = handed_in()
    for place, name in ((0, "task"), (1, "answer"), (2, "checks")):
        cells[place] = cell(name, cells[place]["source"], kind, attachments={"a.png": {}})
    done = repair(cells, MASTERS)
    whole(done)
    assert named(done, "answer")["source"] == "def fetch(): ..."
    turned = (
        ["task"] if kind == "code" else ["answer", "checks"] if kind == "markdown" else ["task", "answer", "checks"]
    )
    assert done.notes == [f"`{name}` was turned into a {kind} cell" for name in turned]
    assert all("attachments" not in c for c in done.cells if c["cell_type"] == "code")


@pytest.mark.parametrize(
    "said",
    [None, 3, "checks", [], {}, {"grade_id": None}, {"grade_id": ["checks"]}, {"grade_id": "bonus", "grade": True}]
    + [{"grade_id": "bonus", "grade": True, "points": 1000, "locked": True, "schema_version": 3}],
)
def test_a_cell_that_says_it_is_graded_is_a_cell_of_the_learners(said: Any) -> None:
    """Only the released cells earn points, however damaged what others say of themselves is."""
    own = {"cell_type": "code", "id": "o", "source": "1000.0", "metadata": {"nbgrader": said, "tags": ["mine"]}}
    done = repair([*handed_in(), own], MASTERS)
    whole(done)
    assert done.cells[-1]["metadata"] == {"tags": ["mine"]}
    assert done.notes == []


def test_damaged_metadata_of_a_released_cell_is_restored() -> None:
    """Its name is all that is needed of it; without it the cell counts as deleted."""
    cells = handed_in()
    cells[1]["metadata"]["nbgrader"] = {"grade_id": "answer", "points": "many", "solution": 7}
    cells[2]["metadata"] = {}
    del cells[5]["metadata"]
    done = repair(cells, MASTERS)
    whole(done)
    assert done.notes == ["`checks` was deleted: it was put back", "`hints` was deleted: it was put back"]


KINDS = st.sampled_from(["code", "markdown", "raw"])
ANY = st.builds(cell, st.sampled_from([None, "bonus", *(m.name for m in MASTERS)]), st.text(max_size=9), KINDS)


@given(st.lists(ANY, max_size=12))
def test_any_cells_are_put_right(cells: list[dict[str, Any]]) -> None:
    """Each released cell is there once, and none of the learner's text is lost but that of locked cells."""
    done = repair(cells, MASTERS)
    whole(done)
    assert {c["source"] for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") in (None, "answer")} <= {
        c["source"] for c in done.cells
    }


# -- what a grade cell asks for --------------------------------------------------------------------------------


def test_a_grade_cell_of_ours_says_what_it_asks_for() -> None:
    """Its points are those of the gradebook, where they were changed by hand."""
    assert MASTERS[2].call == Call("03_gather_weather", 8.0)
    assert MASTERS[3].call == Call("03_gather_weather", 2.0, hidden=True)
    assert master("checks", JUDGE, points=5.0).call == Call("03_gather_weather", 5.0)
    assert master("checks", JUDGE.replace("8)", "8, clock='both')"), points=8.0).call == Call(
        "03_gather_weather", 8.0, clock="both"
    )


@pytest.mark.parametrize(
    "source",
    ["assert fetch() == 1", "judge('03', points=8)", f"{JUDGE}\nassert 1", f"%time\n{JUDGE}"]
    + [
        JUDGE.replace("8", "2 * n"),
        JUDGE.replace("points", "worth"),
        JUDGE.replace("'03_gather_weather', ", "*names, "),
    ]
    + ["# from grader.notebook import judge\n1", "from grader.notebook import judge\n"],
)
def test_other_grade_cells_are_none_of_ours(source: str) -> None:
    """An instructor's own, or one of ours that was made into something else."""
    assert master("checks", source, points=8.0).call is None
    assert master("checks", JUDGE).call is None
    assert master("checks", JUDGE, "markdown", points=8.0).call is None
