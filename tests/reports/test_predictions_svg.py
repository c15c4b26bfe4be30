"""Predictions as SVG: where the bars and the prediction lie, and what no drawing may contain."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.prediction import Prediction, how_long, in_order
from grader.reports import predictions_svg, svg

WAITS = [("a", 0, 4), ("b", 4, 8)]
P4 = [("main", 0.0), ("b", 0.0), ("main again", 0.5)]
NASTY = st.text(st.characters(exclude_categories=[]), max_size=40)
TIMES = st.floats(0, 1e9)


def _time(seconds: float, spans: Any = WAITS, program: str = "limited([4, 4], 1)") -> Prediction:
    made = how_long(program, seconds, spans)
    assert made is not None
    return made


def _lines(lines: list[str], said: Any = P4, program: str = "p4") -> Prediction:
    made = in_order(program, lines, said)
    assert made is not None
    return made


def _texts(prediction: Prediction) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", predictions_svg.figure(prediction).body)


def test_the_prediction_lies_across_the_bars() -> None:
    """On the same scale: here, where the first ends and the second begins."""
    body = predictions_svg.figure(_time(4)).body
    first, second = re.findall(r'<path class="tl-y" d="M([\d.]+) [\d.]+h([\d.]+)', body)
    (line,) = re.findall(r'<rect class="tl-i" x="([\d.]+)" y="[\d.]+" width="2"', body)
    assert float(line) + 1 == float(first[0]) + float(first[1]) == float(second[0])


@pytest.mark.parametrize(
    ("seconds", "says"), [(8, "you: 8 s"), (100, "you: 100 s →"), (-1, "← you: -1 s"), (10**400, "you: 1e+100 s →")]
)
def test_a_prediction_beyond_the_axis_points_there(seconds: float, says: str) -> None:
    """The axis has numbers up to what it took."""
    assert {says, "it took 8 s", "0", "8"} <= set(_texts(_time(seconds)))


def test_an_order_has_what_was_predicted_above_what_was_said() -> None:
    """With the times, and a frame around the first that differs."""
    drawn = predictions_svg.figure(_lines(["main", "main again"]))
    assert _texts(_lines(["main", "main again"])) == [
        "p4: not as you predicted", "predicted", "said", "at", "main", "main", "0 s", "the first that differs",
        "main again", "b", "0 s", "(nothing)", "main again", "0.5 s",
    ]  # fmt: skip
    assert drawn.body.count('<rect class="tl-i"') == 1
    assert drawn.words == (
        "You predicted: main, main again. It said: main (at 0 s), b (at 0 s), main again (at 0.5 s). "
        "That is not as you predicted."
    )
    assert "<rect" not in predictions_svg.figure(_lines([line for line, _ in P4])).body


@given(
    prediction=st.builds(
        _time,
        st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
        st.lists(st.tuples(NASTY, TIMES, TIMES).map(lambda t: (t[0], min(t[1:]), max(t[1:])))),
        NASTY,
    )
    | st.builds(_lines, st.lists(NASTY, min_size=1), st.lists(st.tuples(NASTY, TIMES)), NASTY)
)
def test_any_prediction(prediction: Prediction) -> None:
    """Whatever was predicted, its drawing is well-formed, small, and within its frame."""
    drawn = predictions_svg.figure(prediction)
    document = svg.document(drawn, prediction.program)
    root = ET.fromstring(document)
    assert len(document) < 20_000
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(rect.attrib["x"]) >= 0
        assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= drawn.width
        assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= drawn.height
