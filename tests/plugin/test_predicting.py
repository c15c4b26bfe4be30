"""Predictions of real programs: what a run tells of them, and to whom."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.authoring import scaffold
from grader.batch.job import Job, Settings
from grader.batch.server import Server
from grader.batch.worker import close_servers, grade_jobs
from grader.exercise import Exercise

ROOT = Path(__file__).parents[2]
CLOCKS = ROOT / "solutions" / "04_predict_the_clock"
ORDERS = ROOT / "solutions" / "08_event_loop_order"
STUB = ROOT / "exercises" / "08_event_loop_order" / "event_loop_order.py"
RIGHT_TIMES = ["predict_the_clock.py", "accepted/workers_over_a_queue.py"]
WRONG_TIMES: dict[str, set[str]] = {
    "rejected/perfect-packing.py": {"test_limited", "test_computing[processes]"},
    "rejected/added-up.py": {"test_concurrent"},
    "rejected/asyncio-in-one-thread.py": {"test_computing[asyncio]"},
    "rejected/wrong-type.printed.py": set(),
}
DIFFERING: dict[str, dict[str, int]] = {
    "event_loop_order.py": {},
    "accepted/task_group.py": {},
    "rejected/another-order.py": {"p1": 0},
    "rejected/sorted-by-finish.py": {"p7": 2},
    "rejected/wrong-number-of-lines.py": {"p6": 2},
    "rejected/never-said.py": {"p4": 2},
}
SILENT = {"rejected/no-prediction.py": {"p7"}, "rejected/not-a-list-of-lines.py": {"p4"}}
TRUTHS = {
    "p1": [("A: starting", 0), ("B: starting", 0), ("B: done", 1), ("A: done", 2)],
    "p2": [("a1", 0), ("a2", 0), ("a3", 0), ("main", 0), ("b", 0)],
    "p3": [("b", 0), ("a1", 0), ("a2", 0), ("a3", 0), ("main", 0)],
    "p4": [("main", 0), ("b", 0), ("main again", 0)],
    "p5": [("main", 0), ("b", 0), ("after the group", 0)],
    "p6": [("in the lock", 0), ("after the queue", 0), ("b", 0)],
    "p7": [("egg is done", 1), ("pasta is done", 2), ("pasta", 2), ("egg", 2)],
}
Graded = Callable[[Path], dict[str, dict[str, Any]]]


def run(*args: str) -> str:
    """Run pytest, and return what it printed."""
    command = [sys.executable, "-m", "pytest", *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Return what gives the checks of a submission by their names, as the report has them."""
    graded = {}
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    times = [CLOCKS / name for name in (*RIGHT_TIMES, *WRONG_TIMES)]
    orders = [STUB, *(ORDERS / name for name in (*DIFFERING, *SILENT))]
    for number, files in (("04", times), ("08", orders)):
        report = tmp_path_factory.mktemp("reports") / "report.json"
        given = [f"--submission={file}" for file in files]
        printed = run(f"exercises/{number}", "--clock=virtual", f"--report=json={report}", *given)
        assert report.exists(), printed
        data = json.loads(report.read_text("utf-8"))
        jsonschema.validate(data, schema)
        for exercise in data["exercises"]:
            graded[Path(exercise["submission"])] = {_name(check["node"]): check for check in exercise["checks"]}
    return lambda file: graded[file]


def _name(node: str) -> str:
    # test_limited[file.py] or test_prediction[file.py-p1]: what is left is the check's own.
    function, _, values = node.partition("::")[2].rstrip("]").partition("[")
    own = re.sub(r"^.*\.py\d?-?", "", values)
    return f"{function}[{own}]" if own else function


# -- which time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", RIGHT_TIMES)
def test_a_right_time(checks: Graded, file: str) -> None:
    """Each kind of program has one prediction, which is right, and what the program did beside it."""
    told = {name: check["prediction"] for name, check in checks(CLOCKS / file).items()}

    assert told.pop("test_nothing") is None
    assert len(told) == 9
    for name, prediction in told.items():
        assert prediction["right"], name
        assert prediction["seconds"] == pytest.approx(prediction["took"], abs=1e-6)
        assert prediction["took"] == max(span["end"] for span in prediction["spans"])
        assert min(span["start"] for span in prediction["spans"]) == 0


def test_spans_are_those_of_the_program(checks: Graded) -> None:
    """One after another, all at once, at most so many at once, on so many cores, with one Judit."""
    told = {name: check["prediction"] for name, check in checks(CLOCKS / RIGHT_TIMES[0]).items()}

    assert _peak(told["test_sequential"]) == 1
    assert _peak(told["test_concurrent"]) == len(told["test_concurrent"]["spans"])
    limit = told["test_limited"]["program"].rpartition(", ")[2].rstrip(")")
    assert _peak(told["test_limited"]) == int(limit)
    assert _peak(told["test_computing[asyncio]"]) == _peak(told["test_computing[threads]"]) == 1
    for name in ("test_one_game_at_a_time", "test_many_tables", "test_few_tables"):
        assert _peak(told[name], "Judit") == 1
    assert _peak(told["test_one_game_at_a_time"]) == 1
    assert _peak(told["test_few_tables"]) > 1


def _peak(prediction: dict[str, Any], who: str = "") -> int:
    spans = [span for span in prediction["spans"] if span["name"].startswith(who) and span["end"] > span["start"]]
    return max(len([1 for one in spans if one["start"] <= span["start"] < one["end"]]) for span in spans)


@pytest.mark.parametrize("file", WRONG_TIMES)
def test_a_wrong_time(checks: Graded, file: str) -> None:
    """A failing check has the prediction that its diagnosis speaks of; what is no time is no prediction."""
    found = checks(CLOCKS / file)

    told = {name for name, check in found.items() if check["prediction"] and not check["prediction"]["right"]}
    assert told == WRONG_TIMES[file]
    for name in told:
        assert found[name]["outcome"] == "FAIL"
        prediction, seen = found[name]["prediction"], found[name]["diagnosis"]["seen"]
        assert seen.startswith(prediction["program"])
        foretold, took = (f"{round(prediction[key], 6):.12g} s" for key in ("seconds", "took"))
        assert f"you say {foretold}, and it takes {took}." in seen


# -- which order -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", DIFFERING)
def test_an_order(checks: Graded, file: str) -> None:
    """Each of the seven is told with what was said, when, and the first place at which they differ."""
    found, differing = checks(ORDERS / file), DIFFERING[file]

    for name, truth in TRUTHS.items():
        prediction = found[f"test_prediction[{name}]"]["prediction"]
        assert prediction["program"] == name
        assert [(told["line"], told["at"]) for told in prediction["said"]] == truth
        assert prediction["differs"] == differing.get(name)
        assert prediction["right"] is (name not in differing)
        assert prediction["right"] is (prediction["lines"] == [line for line, _ in truth])
    assert found["test_a_and_b"]["prediction"] is None


def test_who_predicted_nothing_is_shown_nothing(checks: Graded) -> None:
    """Neither a stub that is not started, nor a prediction that is missing or is none, gives an answer away."""
    for file, silent in ((STUB, set(TRUTHS)), *((ORDERS / name, names) for name, names in SILENT.items())):
        found = checks(file)
        assert {name for name in TRUTHS if found[f"test_prediction[{name}]"]["prediction"] is None} == silent


# -- who sees it -------------------------------------------------------------------------------------------------


def test_the_usual_report_shows_none() -> None:
    """With -vv each prediction is shown, at most 80 columns wide, and otherwise none."""
    file = f"--submission={ORDERS / 'rejected' / 'sorted-by-finish.py'}"
    plain, every = (run("exercises/08", "--clock=virtual", file, *more) for more in ([], ["-vv"]))

    assert "the first that differs" not in plain
    assert every.count(": as you predicted") == 6
    assert "✗ p7: not as you predicted\n   predicted   egg is done   pasta is done   egg     pasta\n" in every
    shown = every[every.index("✓ p1: as you predicted") :].splitlines()[:-1]
    assert max(map(len, shown)) <= 80


EVIL = """
import sys
sys.set_int_max_str_digits(0)

async def ask_everybody(names, ask):
    return {answer}
"""
PREDICTS = '''
FUNCTIONS = {"ask_everybody": "async"}

async def test_lines(submission):
    """It says yes."""
    answer = await submission.ask_everybody([], None)
    submission.predicted_lines("it", answer, [("yes", 0.0)])

async def test_time(submission):
    """It takes a second."""
    answer = await submission.ask_everybody([], None)
    submission.predicted_time("it", answer, [("it", 0.0, 1.0)])
'''
NAME = "42_feed_cats"


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a judge of an exercise that asks for predictions, also in hidden checks."""
    root = tmp_path_factory.mktemp("course")
    (root / "exercises").mkdir()
    scaffold.create(root / "exercises", NAME)
    (root / "exercises" / NAME / "test_feed_cats.py").write_text(PREDICTS, "utf-8")
    (root / "solutions" / NAME / "test_hidden.py").write_text(PREDICTS, "utf-8")
    server = Server(Exercise(root / "exercises" / NAME), Settings(root, isolation="none"))
    yield server
    server.close()


def job(answer: str) -> Job:
    """Return a submission that gives one answer."""
    return Job("ada", NAME, "feed_cats.py", {"feed_cats.py": EVIL.format(answer=answer).encode()})


def test_hidden_checks_and_classes_have_none(judge: Server) -> None:
    """A judge beside a learner tells the predictions of open checks; what a class is graded with tells none."""
    told = [(verdict["hidden"], verdict["prediction"] is not None) for verdict in judge.grade(job("['no']")).verdicts]
    try:
        (of_a_class,) = grade_jobs(judge.settings, [job("['no']")])
    finally:
        close_servers()

    assert told == [(False, True), (False, False), (True, False), (True, False)]
    assert [verdict["prediction"] for verdict in of_a_class.verdicts] == [None] * 4


LIAR = "type('Liar', ({},), {{'__eq__': lambda *_: True, '__hash__': None, '__float__': lambda _: 1.0}})"


@pytest.mark.parametrize(
    ("answer", "lines", "seconds"),
    [
        ("['yes'] * 99_000", ["yes"] * 100, None),
        ("['yes'] * 1_000_000", None, None),
        ("10**400", None, 1e100),
        ("-10**4000", None, -1e100),
        ("10**10_000", None, None),
        ("float('nan')", None, None),
        ("float('-inf')", None, None),
        ("[['yes']]", None, None),
        ("True", None, None),
        ("['\\x1b[2J\\ud800' * 1000]", ["\x1b[2J\ud800" * 40], None),
        (f"{LIAR.format('str')}('yes')", None, None),
        (f"[{LIAR.format('str')}('no')]", ["no"], None),
        (f"{LIAR.format('float')}(2)", None, 2.0),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_an_answer_that_is_made_to_harm(judge: Server, answer: str, lines: list[str] | None, seconds: float) -> None:
    """Of what a program sends only the value itself counts, and of that no more than can be drawn."""
    order, time = [verdict["prediction"] for verdict in judge.grade(job(answer)).verdicts if not verdict["hidden"]]

    assert (order and order["lines"]) == lines
    assert (time and time["seconds"]) == seconds
    assert order is None or order["said"] == [["yes", 0]]
    assert time is None or time["right"] is False
