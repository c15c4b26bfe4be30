"""One submission for Gradescope, Exercism and Classroom 50: by the published formats, and nobody the wiser of secrets."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.classbook import Classbook, Graded
from grader.reports.exporters import canvas, classroom50, exercism, gradescope, junit, moodle
from grader.verdict import ExerciseVerdict, fold

KINDS = (
    "right",
    "wrong",
    "a hidden check fails",
    "wrong and a hidden check fails",
    "syntax error",
    "printed",
    "a fault of ours",
    "a judge that died",
    "a check that did not run",
    "a check that cannot run here",
    "absent",
    "unreadable",
    "hostile",
)
UNGRADED = {"a fault of ours", "a judge that died", "a check that did not run"}
RUN = classroom50.Run(
    "concurrency",
    "weather",
    "submit/2026-11-25T10-00-00Z-abc1234",
    "https://git.example/commit/abc1234",
    "https://git.example/releases/1",
    "https://git.example/compare/1...2",
    "2026-11-25T10:00:00Z",
    owner="ada",
)


def _schema(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name("schemas").joinpath(f"{name}.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def _read(name: str, text: str, part: str = "") -> Any:
    data, schema = json.loads(text), _schema(name)
    jsonschema.validate(data, {**schema, "$ref": f"#/$defs/{part}"} if part else schema)
    return data


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.items() for text in _texts(list(item)))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))


def _is_safe(text: str) -> bool:
    return not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c == "\u202e" for c in text if c != "\n")


# -- Gradescope --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_gradescope_format(cases: Mapping[str, Graded], kind: str) -> None:
    """Whatever became of a submission, its results.json is by Gradescope's specification."""
    data = _read("gradescope", gradescope.results([cases[kind]]))

    assert data["stdout_visibility"] == "hidden"
    assert data["output_format"] == data["test_output_format"] == data["test_name_format"] == "text"
    assert all(map(_is_safe, _texts(data)))
    assert len(json.dumps(data)) < 100_000


@pytest.mark.parametrize("kind", ["wrong and a hidden check fails", "a fault of ours"])
def test_gradescope_picture(cases: Mapping[str, Graded], golden: Callable[[str, str], None], kind: str) -> None:
    """A results.json looks as it did."""
    golden(f"gradescope-{kind.replace(' ', '-')}.json", gradescope.results([cases[kind]]))


def test_gradescope_points(cases: Mapping[str, Graded]) -> None:
    """The score is what was earned, and the tests' scores add up to it, over several exercises as well."""
    data = json.loads(gradescope.results([cases["right"], cases["wrong"]]))

    assert data["score"] == sum(test["score"] for test in data["tests"]) == 8 + 5
    assert sum(test["max_score"] for test in data["tests"]) == 16
    assert [test["status"] for test in data["tests"][:7]] == ["passed"] * 7


def test_gradescope_says_what_and_where(cases: Mapping[str, Graded]) -> None:
    """A failed test has the diagnosis in words with its line and timeline, and as data."""
    data = json.loads(gradescope.results([cases["wrong"]]))
    failed = data["tests"][0]

    assert data["output"] == "03 gather_weather: ran one after another."
    assert "50 requests took 50 delays" in failed["output"]
    assert "ideal   #1" in failed["output"]
    assert failed["tags"] == ["ran-sequentially"]
    assert failed["extra_data"]["line"] == 8


@pytest.mark.parametrize("kind", sorted(UNGRADED))
def test_gradescope_fault(cases: Mapping[str, Graded], kind: str) -> None:
    """What the grader could not judge has no points, is for the instructor only, and the student reads that it is ours.

    A test that is not shown keeps Gradescope from showing the total as well.
    """
    data = json.loads(gradescope.results([cases[kind]]))
    faults = [test for test in data["tests"] if gradescope.FAULT_TAG in test.get("tags", [])]

    assert "The grader failed here, your work did not." in data["output"]
    assert "is not a grade" in data["output"]
    assert kind == "a check that did not run" or faults
    assert all("score" not in test and test["visibility"] == "hidden" for test in faults)


def test_gradescope_before_it_runs() -> None:
    """The results.json that stands there before anything has run is valid, and says that the fault is ours."""
    data = _read("gradescope", gradescope.failure("it did not start"))

    assert "is not a grade" in data["output"]
    assert data["tests"][0]["tags"] == [gradescope.FAULT_TAG]
    assert "it did not start" in data["tests"][0]["output"]


@pytest.mark.parametrize("hidden", ["hidden", "after_published", "after_due_date"])
def test_gradescope_hidden_checks(cases: Mapping[str, Graded], hidden: gradescope.Visibility) -> None:
    """A hidden check counts, is shown when the instructor wants, and has neither name nor words of its own."""
    data = json.loads(gradescope.results([cases["a hidden check fails"]], hidden))
    secret = [test for test in data["tests"] if test["name"].startswith("Hidden check")]

    assert data["output"] == "03 gather_weather: the checks that are shown pass."
    assert [test["score"] for test in secret] == [1, 0]
    assert all(test["visibility"] == hidden for test in secret)
    assert all(set(test) == {"name", "number", "score", "max_score", "status", "visibility"} for test in secret)


# -- Exercism ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_exercism_format(cases: Mapping[str, Graded], kind: str) -> None:
    """Whatever became of a submission, its results.json is by Exercism's interface."""
    data = _read("exercism", exercism.results(cases[kind]))

    assert all(map(_is_safe, _texts(data)))


@pytest.mark.parametrize(
    ("kind", "status"),
    {
        "right": "pass",
        "wrong": "fail",
        "a hidden check fails": "fail",
        "syntax error": "error",
        "a fault of ours": "error",
        "a check that did not run": "error",
        "a check that cannot run here": "pass",
        "absent": "error",
    }.items(),
)
def test_exercism_status(cases: Mapping[str, Graded], kind: str, status: str) -> None:
    """Error means that the solution cannot be run, or that the runner failed; then a message says which."""
    data = json.loads(exercism.results(cases[kind]))

    assert data["status"] == status
    assert (status == "error") == bool(data["message"])
    assert kind != "syntax error" or "SyntaxError" in data["message"]
    assert kind != "a fault of ours" or "your solution did not" in data["message"]


def test_exercism_output_is_cut(cases: Mapping[str, Graded]) -> None:
    """What was printed is given where it was printed, in 500 characters at most, and says when it was cut."""
    data = json.loads(exercism.results(cases["hostile"]))
    long = data["tests"][0]["output"]

    assert len(long) <= 500
    assert long.endswith("Output was truncated. Please limit to 500 chars.")
    assert any("output" in test for test in json.loads(exercism.results(cases["printed"]))["tests"])


# -- Classroom 50 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(set(KINDS) - UNGRADED - {"absent", "unreadable"}))
def test_classroom50_format(cases: Mapping[str, Graded], kind: str) -> None:
    """A graded submission's result.json is by Classroom 50's schema, and its sums are right."""
    data = _read("classroom50", classroom50.result(cases[kind], RUN), "result")

    assert data["score"] == sum(test["score"] for test in data["tests"])
    assert data["max-score"] == sum(test["max-score"] for test in data["tests"])
    assert all(test["score"] <= test["max-score"] for test in data["tests"])
    assert all(map(_is_safe, _texts(data)))


@pytest.mark.parametrize("kind", sorted(UNGRADED | {"absent", "unreadable"}))
def test_classroom50_knows_no_grade(cases: Mapping[str, Graded], kind: str) -> None:
    """Where there is no grade there is no result.json either, so that Classroom 50 records an error and not a 0."""
    with pytest.raises(classroom50.NotGradedError, match="no grade"):
        classroom50.result(cases[kind], RUN)


def test_classroom50_fractions(cases: Mapping[str, Graded]) -> None:
    """Fractions of points become whole ones by one factor for all checks; what they were is kept beside."""
    verdict = cases["wrong"].verdict
    assert verdict is not None
    halves = fold([replace(check, points=check.points / 2) for check in verdict.checks])
    data = json.loads(classroom50.result(replace(cases["wrong"], verdict=halves), RUN))

    assert (data["score"], data["max-score"]) == (5, 8)
    assert [test["points"] for test in data["tests"]][:2] == [1, 0.5]


@pytest.mark.parametrize(
    ("points", "factor"), [((1, 2), 1), ((0.5, 2), 2), ((0.25,), 4), ((0.1, 0.3), 10), ((1 / 3,), 100)]
)
def test_classroom50_scale(cases: Mapping[str, Graded], points: tuple[float, ...], factor: int) -> None:
    """The factor is the smallest that makes all points whole; beyond hundredths they are rounded."""
    verdict = cases["right"].verdict
    assert verdict is not None

    assert classroom50.scale([replace(verdict.checks[0], points=worth) for worth in points]) == factor


def test_classroom50_declarative_step() -> None:
    """The declarative step is by Classroom 50's schema, within its bounds."""
    (test,) = _read("classroom50", classroom50.declarative({"03_gather_weather": 8}), "declared")
    (bounded,) = _read("classroom50", classroom50.declarative({"03_gather_weather": 5000}, 9999), "declared")

    assert test["run"] == "python -m pytest exercises/03_gather_weather -q"
    assert (test["points"], test["timeout"]) == (8, 120)
    assert (bounded["points"], bounded["timeout"]) == (1000, 600)


def test_classroom50_environment() -> None:
    """The runner's variables say what is graded; one that is missing is named."""
    given = {
        "CLASSROOM": "c",
        "ASSIGNMENT": "a",
        "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "https://git.example/c",
        "RELEASE_URL": "https://git.example/r",
        "OWNER": "ada",
    }

    assert classroom50.run_of(given, "2026-11-25T10:00:00Z").review == "https://git.example/c"
    with pytest.raises(LookupError, match="SUBMISSION_TAG not set"):
        classroom50.run_of({**given, "SUBMISSION_TAG": ""}, "2026-11-25T10:00:00Z")


# -- all of them -------------------------------------------------------------------------------------------


@given(text=st.text(st.characters(exclude_categories=[]), max_size=80))
@example(text="")
@example(text="\x00\x1b[31m\u202e\ud800\uffff")
def test_of_any_text(saying: Callable[[str], Graded], text: str) -> None:
    """Whatever a submission says, each result is by its format, and no text in it steers or breaks anything."""
    graded = saying(text)
    results = [
        _read("gradescope", gradescope.results([graded])),
        _read("exercism", exercism.results(graded)),
        _read("classroom50", classroom50.result(graded, RUN), "result"),
    ]

    for result in results:
        assert all(map(_is_safe, _texts(result)))


@pytest.mark.parametrize("kind", ["a hidden check fails", "wrong and a hidden check fails", "only hidden checks"])
def test_no_secret_is_told(cases: Mapping[str, Graded], small_class: Classbook, kind: str) -> None:
    """No word, code, line, name, output or time of a hidden check is in what an exporter writes."""
    graded = cases.get(kind, cases["a hidden check fails"])
    if kind == "only hidden checks":
        verdict = graded.verdict
        assert verdict is not None
        graded = replace(graded, verdict=fold([check for check in verdict.checks if check.hidden]))
    book = replace(small_class, graded=(replace(graded, student=small_class.students[0]),))
    texts = [
        gradescope.results([graded], "visible"),
        exercism.results(graded),
        classroom50.result(graded, RUN),
        junit.suites(book),
        *canvas.grades(book).files.values(),
        *moodle.grades(book).files.values(),
    ]

    assert len(texts) == 6
    for text in texts:
        assert "secret" not in text.lower()


def test_a_fault_in_a_hidden_check_is_not_told(cases: Mapping[str, Graded]) -> None:
    """What went wrong in a hidden check of ours is no hint either."""
    verdict = cases["a fault of ours"].verdict
    assert verdict is not None
    secret = replace(verdict.checks[0], hidden=True, check="SECRET", fault="SECRET")
    graded = replace(cases["right"], verdict=fold([secret, *verdict.checks[1:]]))

    for text in (gradescope.results([graded]), exercism.results(graded)):
        assert "SECRET" not in text
        assert "grader failed" in text.lower()


def test_totals_survive_the_hiding(
    with_hidden: Callable[[ExerciseVerdict], ExerciseVerdict], cases: Mapping[str, Graded]
) -> None:
    """Without its hidden checks a verdict passes when the others do, and is worth what they are worth."""
    from grader.reports.exporters.shown import without_hidden

    right = cases["right"].verdict
    assert right is not None
    seen = without_hidden(with_hidden(right))

    assert seen is not None
    assert (seen.outcome, seen.points, seen.earned, seen.missing) == ("PASS", right.points, right.earned, 0)
