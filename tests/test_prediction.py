"""A prediction beside what happened: whatever a learner returns, it is kept small and plain, or it is none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.prediction import (
    LONGEST_LINE,
    MOST_LINES,
    MOST_SPANS,
    HowLong,
    InOrder,
    Prediction,
    Span,
    Told,
    how_long,
    in_order,
)
from grader.verdict import PASS, Verdict, from_data, to_data

SECOND = 1_000_000_000
WAITS = [("wait 1", 0, 3), ("wait 2", 0, 1.0), ("wait 3", 1.0, 3)]
SAID = [("main", 0.0), ("b", 0.0), ("main again", 1.5)]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


def test_a_time_is_laid_over_the_spans_of_the_program() -> None:
    """Its spans are kept in ticks; it took until the last of them ended."""
    assert how_long("limited([3, 1, 2], 2)", 4, WAITS) == HowLong(
        "limited([3, 1, 2], 2)",
        4.0,
        3 * SECOND,
        (Span("wait 1", 0, 3 * SECOND), Span("wait 2", 0, SECOND), Span("wait 3", SECOND, 3 * SECOND)),
        right=False,
    )


@pytest.mark.parametrize(
    ("answer", "right"),
    [(3, True), (3.0, True), (3 + 9e-7, True), (3 + 2e-6, False), (2.999, False), (-3, False), (10**400, False)],
    ids=str,
)
def test_a_time_is_right_within_a_millionth_of_a_second(answer: float, right: bool) -> None:
    """Sums of floats differ by less."""
    found = how_long("p", answer, WAITS)
    assert found is not None
    assert found.right is right


@pytest.mark.parametrize(
    "answer", [None, True, "3", float("nan"), float("inf"), -float("inf"), [3], (3, 4), {}, 3j, object], ids=str
)
def test_what_is_no_number_is_no_time(answer: object) -> None:
    """Nothing is shown to somebody who has predicted nothing."""
    assert how_long("p", answer, WAITS) is None


def test_a_time_without_spans() -> None:
    """A program that does nothing takes no time."""
    found = how_long("sequential([])", 0, [])
    assert found is not None
    assert (found.took, found.right) == (0, True)


@pytest.mark.parametrize(
    ("answer", "differs"),
    [
        (["main", "b", "main again"], None),
        (("main", "b", "main again"), None),
        (["b", "main", "main again"], 0),
        (["main", "main again", "b"], 1),
        (["main", "b"], 2),
        (["main", "b", "main again", "b"], 3),
        (["main ", "b", "main again"], 0),
    ],
    ids=str,
)
def test_lines_differ_at_the_first_place_that_is_not_the_same(answer: Any, differs: int | None) -> None:
    """A line that is missing, or too much, differs as well."""
    found = in_order("p4", answer, SAID)
    assert found == InOrder(
        "p4", tuple(answer), (Told("main", 0), Told("b", 0), Told("main again", 1_500_000_000)), differs
    )
    assert found is not None
    assert found.right is (differs is None)


@pytest.mark.parametrize("answer", [None, "main", [], (), ["main", 1], [["main"]], {"main": 1}, 3, {"main"}], ids=str)
def test_what_is_no_list_of_strings_is_no_order(answer: object) -> None:
    """Nothing is shown to somebody who has predicted nothing."""
    assert in_order("p4", answer, SAID) is None


def test_of_a_million_lines_the_beginning_is_kept() -> None:
    """They are compared before they are cut."""
    million = in_order("p4", ["main"] * 1_000_000, [("main", 0.0)] * 1_000_000)
    late = in_order("p4", ["main"] * 1_000_000, [("main", 0.0)] * 500)
    long = in_order("p4", ["x" * 10_000], [("x" * 10_001, 0.0)])
    assert million is not None and late is not None and long is not None
    assert (len(million.lines), len(million.said), million.differs) == (MOST_LINES, MOST_LINES, None)
    assert (late.differs, late.cut) == (500, 1_000_000 - MOST_LINES)
    assert (long.lines, long.differs) == (("x" * LONGEST_LINE,), 0)


def test_of_many_spans_the_first_are_kept() -> None:
    """How long it took is known of all of them."""
    found = how_long("p", 5_000, [(f"wait {n}", n, n + 1) for n in range(5_000)])
    assert found is not None
    assert (len(found.spans), found.cut) == (MOST_SPANS, 5_000 - MOST_SPANS)
    assert found.right


@given(answer=ANYTHING)
def test_whatever_is_answered(answer: object) -> None:
    """It does no harm: what is kept is JSON that any reader takes, and comes back as it was."""
    for found in (how_long("p", answer, WAITS), in_order("p", answer, SAID)):
        data = to_data(_verdict(found))
        read = from_data(json.loads(json.dumps(data, allow_nan=False)))
        assert read.prediction == found
        assert len(json.dumps(data)) < 100_000


def test_a_verdict_of_an_earlier_version() -> None:
    """A class that was graded before there were predictions is still read."""
    data = to_data(_verdict(None))
    del data["prediction"]
    assert from_data(data) == _verdict(None)


def _verdict(prediction: Prediction | None) -> Verdict:
    return replace(Verdict("04_x", "a check", "node", PASS, 1), prediction=prediction)
