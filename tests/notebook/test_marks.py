"""What a grade cell earns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebook.marks import GraderFault, mark
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS, Verdict


def verdicts(*outcomes: str, points: float = 2.0, hidden: bool = False) -> list[Verdict]:
    return [
        Verdict("03_x", f"check {n}", f"n{n}", outcome, points, hidden=hidden) for n, outcome in enumerate(outcomes)
    ]


def test_each_check_earns_its_part() -> None:
    """Of the cell's points, whatever the checks are worth among themselves."""
    assert mark(verdicts(PASS, FAIL, PASS, NOT_RUN), 8) == 4.0
    assert mark([*verdicts(PASS, points=3), *verdicts(FAIL, points=1)], 10) == 7.5
    assert mark(verdicts(PASS, PASS, PASS, points=0.1), 0.3) == 0.3
    assert mark(verdicts(FAIL), 10) == 0.0


def test_open_and_hidden_checks_are_marked_apart() -> None:
    """Each by a cell of its own."""
    both = [*verdicts(PASS, FAIL), *verdicts(PASS, hidden=True)]
    assert (mark(both, 8), mark(both, 2, hidden=True)) == (4.0, 2.0)
    assert mark([*verdicts(PASS), *verdicts(ERROR, hidden=True)], 8) == 8.0


def test_what_cannot_be_run_here_counts_for_nothing() -> None:
    """The others share the points."""
    left_out = replace(verdicts(NOT_RUN)[0], left_out="needs a dog")
    assert mark([*verdicts(PASS, FAIL), left_out], 8) == 4.0
    with pytest.raises(GraderFault, match=r"^none of its checks can be run on this machine$"):
        mark([left_out], 8)


def test_a_fault_of_ours_is_no_mark() -> None:
    """Neither full points nor none."""
    with pytest.raises(GraderFault, match=r"^check 1: no judge$"):
        mark([*verdicts(PASS), replace(verdicts(PASS, ERROR)[1], fault="no judge")], 8)
    for missing in ([], [replace(verdicts(PASS)[0], checks=2)], verdicts(PASS, hidden=True)):
        with pytest.raises(GraderFault):
            mark(missing, 8)


@given(st.lists(st.tuples(st.sampled_from([PASS, FAIL, NOT_RUN]), st.floats(0.1, 10)), min_size=1), st.floats(0, 100))
def test_a_mark_is_a_plain_number_within_the_points(checks: list[tuple[str, float]], points: float) -> None:
    """nbgrader takes anything but a number for full marks, and refuses more than there are."""
    earned = mark([check for outcome, worth in checks for check in verdicts(outcome, points=worth)], points)
    assert type(earned) is float
    assert 0 <= earned <= points
    assert earned == points or any(outcome != PASS for outcome, _ in checks)
