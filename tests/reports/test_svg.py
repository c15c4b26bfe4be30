"""Timelines as SVG. The pictures are in `golden/`; to renew one, delete it, run its test twice, and look at it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports import svg
from grader.timeline import Operation, Picture, Timeline, picture

GOLDEN = Path(__file__).with_name("golden")
UNIT = 1_000_000_000
SPACE = "{http://www.w3.org/2000/svg}"


def _picture(*spans: tuple[float, float | None], kind: str = "request", delay: int = UNIT) -> Picture:
    operations = tuple(
        Operation(kind, round(a * UNIT), None if b is None else round(b * UNIT), f"https://x.test/city/{n}", None)
        for n, (a, b) in enumerate(spans)
    )
    drawn = picture(Timeline(0, max(op.end or op.start + UNIT for op in operations), operations), delay)
    assert drawn is not None
    return drawn


PICTURES = {
    "sequential": _picture(*((i, i + 1) for i in range(50))),
    "batches": _picture(*((i // 10, i // 10 + 1) for i in range(50))),
    "two": _picture((0, 3), (3, 4)),
    "thousands": _picture(*((i / 2, i / 2 + 3) for i in range(1440))),
    "unended": _picture((0, 1), (1, None)),
    "held": _picture((0, 1), (1, 2.5), kind="hold"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str) -> None:
    """A picture looks as it did."""
    text = svg.render(PICTURES[name], "A title").replace("><", ">\n<")
    golden = GOLDEN / f"{name}.svg"
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} is new: look at it, and run again")

    assert text == golden.read_text("utf-8")


def _boxes(document: str, style: str) -> list[tuple[float, float, float]]:
    """Return left, top and width of each bar of a style."""
    paths = [path for path in ET.fromstring(document).iter(f"{SPACE}path") if path.get("class") == f"tl-{style}"]
    found = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", "".join(path.get("d", "") for path in paths))
    return [(float(a), float(b), float(c)) for a, b, c in found]


def test_theirs_stand_above_the_ideal_on_one_scale() -> None:
    """Every bar of theirs is above every ideal bar, and as wide as the ideal one of the same operation."""
    document = svg.render(PICTURES["batches"], "t")
    theirs, ideal = _boxes(document, "y"), _boxes(document, "i")

    assert len(theirs) == len(ideal) == 50
    assert max(top for _, top, _ in theirs) < min(top for _, top, _ in ideal)
    assert [width for *_, width in theirs] == pytest.approx([width for *_, width in ideal], abs=0.2)
    assert len({left for left, *_ in ideal}) == 1
    assert len({left for left, *_ in theirs}) == 5


def test_many_operations_are_thinned_and_it_says_so() -> None:
    """Of thousands some are drawn, the first and the last among them, and the picture stays small."""
    document = svg.render(PICTURES["thousands"], "t")

    assert len(_boxes(document, "y")) <= 50
    assert "50 of 1,440 drawn" in document
    assert "#1440" in document
    assert len(document) < 6000


def test_who_cannot_see_it_is_told() -> None:
    """The title and the description say what the picture shows."""
    root = ET.fromstring(svg.render(PICTURES["sequential"], "Ran one after another"))

    assert root.get("role") == "img"
    assert root.findtext(f"{SPACE}title") == "Ran one after another"
    assert root.findtext(f"{SPACE}desc") == (
        "50 operations. Theirs took 50 delays, with at most 1 at once. The ideal takes 1 delay, with 50 at once."
    )


TICKS = st.integers(0, 10**13)


@given(
    spans=st.lists(st.tuples(TICKS, st.none() | TICKS), min_size=1, max_size=70),
    name=st.text(st.characters(exclude_categories=[]), max_size=40) | st.just('</text><script>"&\x00\u202e'),
    start=TICKS,
    delay=st.integers(0, 10**12),
    kind=st.sampled_from(["request", "call", "sleep", "hold"]),
)
def test_any_picture(spans: list[tuple[int, int | None]], name: str, start: int, delay: int, kind: str) -> None:
    """Whatever happened, the picture is well-formed SVG whose bars lie within it."""
    operations = tuple(Operation(kind, a, None if b is None else a + b, name, None) for a, b in spans)
    document = svg.render(Picture(start, start + 5, delay, operations, operations), name)

    root = ET.fromstring(document)
    assert {element.tag.removeprefix(SPACE) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "text",
        "path",
    }
    for left, top, width in _boxes(document, "y") + _boxes(document, "i") + _boxes(document, "k"):
        assert 0 <= left <= left + width <= svg.WIDTH
        assert 0 <= top <= int(root.get("viewBox", "").split()[3])
