"""nbgrader's own commands on a course of ours: every submission of a strange class has the grade it deserves."""

from __future__ import annotations

import copy
import importlib.util
import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("nbgrader") is None, reason="needs nbgrader: pip install 'onedelay[nbgrader]'"
    ),
]

NAME = "03_gather_weather"
WORTH = 8.0
SERIAL = "rejected/ran-sequentially.py"
JUDGE = "from grader.notebook import judge\n\njudge('03_gather_weather', points=7)"
FORGED = """\
class Mine(float):
    pass
import grader.notebook
grader.notebook.judge = lambda *args, **options: Mine(7.0)
"""
ONE_SERVICE = """
real = fetch_weather
async def fetch_weather(cities, base_url):
    return await real(cities, "https://weather.test")
"""

Handed = dict[str, Any]  # by the students' names: a notebook, or the text or bytes of a file


def code(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "id": f"own-{abs(hash(source))}", "metadata": {}, "source": source} | {
        "outputs": [], "execution_count": None, **more,
    }  # fmt: skip


def with_cells(notebook: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    return {**notebook, "cells": change(copy.deepcopy(notebook["cells"]))}


def named(cells: list[Any], name: str) -> Any:
    return next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)


def edited(notebook: Any, name: str, **values: Any) -> Any:
    def change(cells: list[Any]) -> list[Any]:
        named(cells, name).update(values)
        return cells

    return with_cells(notebook, change)


def as_version_3(notebook: Any) -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "collapsed": False,
            "metadata": {},
            "outputs": [],
            "input": c["source"],
        }
        for c in notebook["cells"]
        if c["cell_type"] == "code" and "judge" not in c["source"]
    ]
    return {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def whole(right: Any, answer: str) -> Handed:
    """Return submissions that are right, and get full marks whatever else was done to them."""
    top, bottom = code(JUDGE), code(answer)
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    r_kernel = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}, "language_info": {"name": "R"}}
    return {
        "right": right,
        "deleted": with_cells(right, lambda cells: [cell for cell in cells if cell["source"] == answer]),
        "doubled": with_cells(right, lambda cells: [*cells, *copy.deepcopy(cells)]),
        "reversed": with_cells(right, lambda cells: cells[::-1]),
        "edited": edited(right, "checks", source="raise SystemExit"),
        "points": edited(right, "checks", metadata={"nbgrader": {"grade_id": "checks", "points": 1e6, "locked": False}}),
        "retyped": edited(edited(right, "answer", cell_type="markdown"), "checks", cell_type="raw"),
        "no-metadata": with_cells(right, lambda cells: [{**cell, "metadata": {}} for cell in cells]),
        "own-judge": with_cells(right, lambda cells: [*cells, top, code("judge = None"), code(FORGED)]),
        "magics": edited(right, "answer", source=f"%%time\n{answer}\n%time await fetch_weather([], '')\n!ls\nx = !ls\nx[0]"),
        "elsewhere": with_cells(edited(right, "answer", source="!pip --version"), lambda cells: [*cells, bottom]),
        "crashing": with_cells(right, lambda cells: [code("import os; os._exit(3)"), code("while True: pass"), *cells]),
        "r-kernel": {**right, "metadata": r_kernel},
        "large": with_cells(right, lambda cells: [*cells, code("1", outputs=[stream])]),
        "version-3": as_version_3(right),
        "no-kernel": {**right, "metadata": {}},
        "experiments": with_cells(right, lambda cells: [*cells, code("fetch_weather = None")]),
        "draft": with_cells(right, lambda cells: [code("async def fetch_weather(cities"), *cells]),
    }  # fmt: skip


def nothing(released: Any, solved: Callable[[str], Any]) -> Handed:
    """Return submissions that get nothing, and say so."""
    forging = "import os\nos.environ['NBGRADER_EXECUTION'] = ''\nasync def fetch_weather(cities, base_url): return 7.0"
    return {
        "stub": released,
        "no-answer": edited(released, "answer", source="# I had no time"),
        "syntax-error": solved("async def fetch_weather(cities, base_url)\n    return []"),
        "forged-outputs": edited(released, "checks", outputs=[
            {"output_type": "execute_result", "data": {"text/plain": "7.0"}, "metadata": {}, "execution_count": 1}
        ]),
        "forged-judge": with_cells(solved(forging), lambda cells: [code(FORGED), *cells]),
        "forged-cell": edited(released, "checks", source="7.0"),
        "hanging": solved("async def fetch_weather(cities, base_url):\n    while True: pass"),
        "exiting": solved("import os\nos._exit(0)"),
    }  # fmt: skip


UNREADABLE: dict[str, str | bytes] = {
    "invalid-json": '{"cells": [',
    "empty-file": b"",
    "binary": b"\x89PNG\r\n\x1a\n\0\xff",
    "not-a-notebook": "[1, 2, 3]",
    "broken-cells": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}),
    "nested": "[" * 100_000,
}


@pytest.fixture(scope="module")
def course(make_course: Callable[..., Any], full: None, solutions: Callable[[str], dict[str, str]]) -> Any:
    """A strange class, graded."""
    course = make_course("03")
    course.nbgrader("generate_assignment", NAME)
    answers = solutions(NAME)
    right = course.solved(NAME, NAME, answers["gather_weather.py"])
    handed = whole(right, answers["gather_weather.py"])
    handed |= nothing(course.released(NAME, NAME), lambda text: course.solved(NAME, NAME, text))
    handed |= {"serial": course.solved(NAME, NAME, answers[SERIAL]), **UNREADABLE}
    handed["one-service"] = course.solved(NAME, NAME, answers["gather_weather.py"] + ONE_SERVICE)
    for student, notebook in handed.items():
        course.hand_in(student, NAME, NAME, notebook)
    course.hand_in("misnamed", NAME, "homework", right)
    (course.folder / "submitted" / "empty-folder" / NAME).mkdir(parents=True)
    course.said = course.nbgrader("autograde", NAME, code=1)  # for those who handed in nothing that has a grade
    course.scores = course.grades()
    course.whole = whole(right, "")
    return course


def test_what_is_right_gets_full_marks_whatever_was_done_to_it(course: Any) -> None:
    """Locked cells deleted, doubled, moved, edited, retyped; magics; another kernel; 50 MB of outputs; an old format."""
    assert {name: course.scores.get((name, NAME)) for name in course.whole} == dict.fromkeys(course.whole, WORTH)


def test_what_is_no_answer_gets_nothing(course: Any, solutions: Any) -> None:
    """Whatever it says of its own points."""
    names = nothing(course.released(NAME, NAME), lambda text: course.solved(NAME, NAME, text))
    assert {name: course.scores.get((name, NAME)) for name in names} == dict.fromkeys(names, 0.0)


def test_what_is_partly_right_gets_a_part(course: Any) -> None:
    """It arrives in what nbgrader exports."""
    assert 0 < course.scores["serial", NAME] < WORTH
    facts = course.facts("serial", NAME, NAME)
    earned = sum(check["earned"] for cell in facts.values() for check in cell["checks"])
    assert course.scores["serial", NAME] == earned
    assert "ran-sequentially" in {check["diagnosis"] for check in facts["checks"]["checks"]}
    assert course.scores["one-service", NAME] == 7, "the hidden check fails, and all others pass"


def test_what_cannot_be_read_is_left_to_a_human(course: Any) -> None:
    """Each is named with the reason, and waits in Formgrader for somebody to look at it."""
    for name in UNREADABLE:
        assert f"{name}/{NAME}/{NAME} cannot be read: " in course.said
    asked = course.run("grader.cli", "nbgrader", "ungraded", NAME, code=1).stdout
    for name in UNREADABLE:
        assert f"{name}: {NAME}: The notebook cannot be read: " in asked


def test_everybody_has_a_grade_or_is_listed(course: Any) -> None:
    """Nobody is forgotten."""
    asked = course.run("grader.cli", "nbgrader", "ungraded", NAME, code=1).stdout
    listed = {line.partition(":")[0] for line in asked.splitlines()[1:]}
    everybody = {path.name for path in (course.folder / "submitted").iterdir()}
    graded = {path.parents[1].name for path in (course.folder / "autograded").glob(f"*/{NAME}/{NAME}.ipynb")}
    assert listed == {*UNREADABLE, "misnamed", "empty-folder"}
    assert graded | listed == everybody
    assert "misnamed: no notebook called 03_gather_weather.ipynb; there is homework.ipynb" in asked


def test_what_was_put_right_is_noted(course: Any) -> None:
    """For whoever looks at the submission, and in the feedback."""
    for name, note in [
        ("deleted", "`checks` was deleted: it was put back"),
        ("edited", "`checks` was edited: what was released counts"),
        ("retyped", "`answer` was turned into a markdown cell"),
        ("doubled", "`checks` is there 2 times"),
        ("reversed", "cells of the assignment were moved"),
    ]:
        assert f"{name}/{NAME}/{NAME}: {note}" in course.said
    assert f" right/{NAME}/{NAME}:" not in course.said


def test_feedback_is_written_for_everybody_who_was_graded(course: Any) -> None:
    """It shows the diagnosis and the picture, and says of hidden checks only how many pass."""
    course.nbgrader("generate_feedback", NAME)
    pages = {p.parents[1].name: p for p in (course.folder / "feedback").glob(f"*/{NAME}/{NAME}.html")}
    assert set(pages) >= {"serial", "right", "stub", *course.whole, *UNREADABLE}
    page = pages["serial"].read_text("utf-8")
    assert 'src="data:image/svg+xml;base64,' in page
    assert "Hidden checks: " in page
    assert "cannot be read" in pages["invalid-json"].read_text("utf-8")


def test_no_secret_reaches_a_student(course: Any, solutions: Any) -> None:
    """Not in what is released, nor in the feedback on a failed hidden check, nor in the notebook it is made from."""
    given = "\n".join(path.read_text("utf-8") for path in (course.folder / "exercises" / NAME).iterdir())

    def secrets(text: str) -> set[str]:
        lines = {line.strip() for line in text.splitlines()}
        return {line for line in lines if len(line) > 24 and line not in given}

    hidden = secrets((course.folder / "solutions" / NAME / "test_hidden.py").read_text("utf-8")) | {"test_hidden"}
    reference = secrets(solutions(NAME)["gather_weather.py"])
    assert len(hidden) > 5
    assert len(reference) > 3
    who = "one-service"
    shown = [*course.folder.glob(f"feedback/{who}/**/*.html"), *course.folder.glob(f"autograded/{who}/**/*.ipynb")]
    released = [path for path in course.folder.glob("release/**/*") if path.is_file()]
    assert "Hidden checks: 0 of 1 pass." in shown[0].read_text("utf-8")
    for path in [*shown, *released]:
        text = path.read_text("utf-8")
        forbidden = hidden | (reference if path in released else set())
        assert not {secret for secret in forbidden if secret in text or json.dumps(secret)[1:-1] in text}, path


def test_our_own_command_gives_the_same_grades(course: Any) -> None:
    """And says who has none."""
    said = course.run("grader.cli", "nbgrader", "autograde", NAME, "--force", code=1)
    asked = course.run("grader.cli", "nbgrader", "ungraded", NAME, code=1)
    assert said.stdout == asked.stdout
    assert course.grades() == course.scores


# -- in kernels ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_kernels(make_course: Callable[..., Any], solutions: Callable[[str], dict[str, str]]) -> Any:
    """A part of that class, graded as nbgrader does by itself: with submissions that a kernel can be hurt by."""
    course = make_course("03", options=("--kernel",))
    course.nbgrader("generate_assignment", NAME)
    answer = solutions(NAME)["gather_weather.py"]
    right = course.solved(NAME, NAME, answer)
    some = whole(right, answer)
    course.whole = ("right", "doubled", "reversed", "deleted", "edited", "magics", "elsewhere", "r-kernel", "version-3")
    noisy = code("import sys\nprint('noise', file=sys.stderr)\njudge = None\n1 / 0")
    handed = {name: some[name] for name in (*course.whole, "crashing")} | UNREADABLE
    handed["noisy"] = with_cells(
        right, lambda cells: [*cells[:2], noisy, *cells[2:], code(JUDGE), code("raise SystemExit")]
    )
    silent = code("get_ipython().ast_node_interactivity = 'none'")
    handed["silent"] = with_cells(right, lambda cells: [silent, *cells])
    handed["serial"] = course.solved(NAME, NAME, solutions(NAME)[SERIAL])
    for student, notebook in handed.items():
        course.hand_in(student, NAME, NAME, notebook)
    course.nbgrader("autograde", NAME, code=1)
    course.scores = course.grades()
    return course


def test_in_a_kernel_what_is_right_gets_full_marks_too(in_kernels: Any) -> None:
    """A learner may have called the judge in cells of their own, made noise, and had cells that fail."""
    assert {name: in_kernels.scores.get((name, NAME)) for name in in_kernels.whole} == dict.fromkeys(
        in_kernels.whole, WORTH
    )
    assert in_kernels.scores["noisy", NAME] == WORTH
    assert 0 < in_kernels.scores["serial", NAME] < WORTH


def test_who_ends_the_kernel_is_listed(in_kernels: Any) -> None:
    """With those whose notebooks cannot be read, or say nothing of a grade, which is not full marks."""
    asked = in_kernels.run("grader.cli", "nbgrader", "ungraded", NAME, code=1).stdout
    assert {line.partition(":")[0] for line in asked.splitlines()[1:]} == {"crashing", "silent", *UNREADABLE}
    assert in_kernels.scores["silent", NAME] == 0
