"""Laws of pictures: whatever a program did, nothing stands where it does not belong, and no text steers a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.timeline import Hold, Line, Step
from grader.tracing import bands, curve, forest, html, layout, lettering, svg
from grader.tracing.trace import BLOCKING, KINDS, STATES, Ending, Pause, Run, Segment, Trace, TracedTask

HOSTILE = "</text></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&\x00\x1b[31m\u202e\ud800]]>"
TEXT = st.text(st.characters(exclude_categories=[]), max_size=30) | st.just(HOSTILE)
LINE = st.none() | st.builds(Line, st.sampled_from(["app.py", HOSTILE, "a/b.py"]), st.integers(-1, 5))
TICKS = st.integers(0, 10**10)


@st.composite
def holds(draw: Callable[..., Any], end: int) -> list[Hold]:
    """Return holds of one loop: they do not overlap."""
    times = sorted(draw(st.lists(st.integers(0, end), max_size=8)))
    pairs = zip(times[::2], times[1::2], strict=False)
    return [Hold(a, b, draw(TEXT), draw(LINE), draw(st.integers(1, 3))) for a, b in pairs]


@st.composite
def pauses(draw: Callable[..., Any], start: int, end: int) -> tuple[Pause, ...]:
    """Return the waits of a task that lived from *start* to *end*; the last may not have ended."""
    times = sorted(draw(st.lists(st.integers(start, end), max_size=12)))
    found = []
    for a, b in zip(times[::2], times[1::2], strict=False):
        chain = tuple(Step(n, line) for n, line in enumerate(draw(st.lists(LINE, max_size=3))) if line)
        found.append(Pause(draw(st.sampled_from(KINDS)), a, b, draw(TEXT), chain, draw(TEXT)))
    return tuple(found)


@st.composite
def traces(draw: Callable[..., Any]) -> Trace:
    """Return any trace that could be: tasks in the order of their creation, whose waits follow one another."""
    length = draw(TICKS)
    spent = draw(holds(length))
    tasks: list[TracedTask] = []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        start = draw(st.integers(tasks[-1].start if tasks else 0, length))
        outcome = draw(st.sampled_from(["done", "failed", "cancelled", "pending"]))
        end = None if outcome == "pending" else draw(st.integers(start, length))
        waits = draw(pauses(start, length if end is None else end))
        if end is None and waits and draw(st.booleans()):
            last = waits[-1]
            waits = (*waits[:-1], Pause(last.kind, last.start, None, last.what, last.chain))
        own = tuple(hold for hold in spent if hold.end <= (length if end is None else end) and hold.start >= start)
        parent = draw(st.sampled_from([None, 0, 1, number - 1, number, number + 1]))
        tasks.append(
            TracedTask(
                number, draw(TEXT), draw(TEXT), start, end, outcome, parent, draw(LINE), 0, number == 1,
                error=draw(TEXT), waits=waits, holds=own if draw(st.booleans()) else (),
            )
        )  # fmt: skip
        spent = [] if tasks[-1].holds else spent
    ending = Ending(draw(st.sampled_from(["done", "raised", "interrupted", "exit"])), 1, "E", draw(TEXT), draw(LINE))
    return Trace(
        draw(TEXT), "3.12.1", draw(st.sampled_from(["real", "virtual"])), 0, length, tuple(tasks), (Run(0, length),),
        ending=ending, source={"app.py": ("a = 1", draw(TEXT)), HOSTILE: (HOSTILE,)}, notes=(draw(TEXT),),
    )  # fmt: skip


def _close(a: float, b: float) -> bool:
    return abs(a - b) < 1e-6


@given(traces())
def test_bars_are_what_the_task_did(trace: Trace) -> None:
    """Each thing a task did that is wide enough to see has one bar, from its start to its end, in its state."""
    drawn = layout.arrange(trace, 800)
    x = drawn.axis.x

    for place in drawn.rows:
        wide = [s for s in trace.segments(place.row.task) if x(s.end) - x(s.start) >= 1]
        alone = [bar for bar in place.bars if bar.segment in wide]
        assert [bar.segment for bar in alone] == wide
        for bar, segment in zip(alone, wide, strict=True):
            assert bar.state == segment.state
            assert _close(bar.x, x(segment.start))
            assert _close(bar.width, x(segment.end) - x(segment.start))


@given(traces())
def test_nothing_leaves_its_place(trace: Trace) -> None:
    """Bars, bands and labels lie within the axis; a row's bars within its task's life, none over another."""
    drawn = layout.arrange(trace, 800)
    left, right = drawn.axis.left - 1e-6, drawn.axis.right + 1e-6

    assert 0 < drawn.axis.left < drawn.axis.right < 800
    for place in drawn.rows:
        at = place.start
        for bar in place.bars:
            assert at - 1e-6 <= bar.x <= bar.x + bar.width <= place.end + 1e-6
            at = bar.x + bar.width
        assert all(left <= x <= x + 1.5 <= right for x in place.moments)
        assert left <= place.start <= place.end <= right
    assert all(left <= band.x <= band.x + band.width <= right for band in drawn.bands)
    for label in drawn.labels:
        end = label.x + lettering.width(label.text, bands.SMALL)
        assert left <= label.x
        assert end <= right
        assert not [
            other
            for other in drawn.labels
            if other is not label and other.lane == label.lane and label.x <= other.x < end
        ]


@given(traces())
def test_every_hold_is_in_one_band(trace: Trace) -> None:
    """The bands hold all the holds of a loop, and no other, and each covers those that it stands for."""
    drawn = layout.arrange(trace, 800)

    assert [hold for band in drawn.bands for hold in band.holds] == list(trace.holds())
    for band in drawn.bands:
        for hold in band.holds:
            assert band.x - 1e-6 <= drawn.axis.x(hold.start) or band.x + band.width >= drawn.axis.right - 1e-6
            assert drawn.axis.x(hold.end) <= band.x + band.width + 1e-6
    blocking = [bar for place in drawn.rows for bar in place.bars if bar.state == BLOCKING and bar.segment]
    for bar in blocking:
        assert any(band.x - 1e-6 <= bar.x <= bar.x + bar.width <= band.x + band.width + 1e-6 for band in drawn.bands)


@given(traces(), st.integers(1, 60))
def test_the_curve_keeps_its_peak(trace: Trace, columns: int) -> None:
    """The curve is as high as the trace's peak, comes back to nothing, and is so when it is thinned."""
    steps = curve.steps(trace.operations(), trace.end)
    thinned = curve.thinned(steps, trace.start, trace.end, columns)

    assert max((step.many for step in steps), default=0) == trace.in_flight()
    assert max((step.many for step in thinned), default=0) == trace.in_flight()
    assert all(step.many >= 0 for step in thinned)
    assert [step.start for step in thinned] == sorted(step.start for step in thinned)
    assert not steps or steps[-1].many == 0
    assert not thinned or thinned[-1].many == 0
    assert len(thinned) <= max(2 * columns + 2, len(steps) if len(steps) <= columns else 0)


@given(traces(), st.integers(1, 9))
def test_rows_are_a_forest(trace: Trace, at_most: int) -> None:
    """Every task has one row, beneath its parent's where that is known; of more than there is room for, some."""
    rows = forest.rows(trace)

    assert sorted(row.task.number for row in rows) == [task.number for task in trace.tasks]
    above: list[int] = []
    for row in rows:
        above = [*above[: row.depth], row.task.number]
        assert len(above) == row.depth + 1
        if row.depth:
            assert row.task.parent == above[-2]
    some = forest.chosen(rows, at_most)
    numbers = [row.task.number for row in some]
    assert len(some) == min(len(rows), at_most)
    assert numbers == [row.task.number for row in rows if row.task.number in numbers]
    above = []
    for row in some:
        above = [*above[: row.depth], row.task.number]
        assert [number for number in _ancestors(rows, row.task.number) if number in numbers] == above[:-1]


def _ancestors(rows: tuple[forest.Row, ...], number: int) -> list[int]:
    """Return the numbers of a task's ancestors, the outermost first."""
    index = next(index for index, row in enumerate(rows) if row.task.number == number)
    found: list[int] = []
    depth = rows[index].depth
    for row in reversed(rows[:index]):
        if row.depth < depth:
            depth = row.depth
            found.insert(0, row.task.number)
    return found


SPACE = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "desc", "style", "defs", "pattern", "rect", "g", "path", "text", "tspan"}


@given(traces())
@settings(deadline=None)
def test_any_svg(trace: Trace) -> None:
    """The document is well-formed XML of a few elements, whatever texts a program has, and asks for nothing."""
    document = svg.render(trace)
    root = ET.fromstring(document)

    assert {element.tag.removeprefix(SPACE) for element in root.iter()} <= TAGS
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert "url(" not in document.replace("url(#od-", "")
    for number in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?|nan|inf", " ".join(e.get("d", "") for e in root.iter())):
        assert abs(float(number)) < 10_000


class Reader(HTMLParser):
    """The elements of a page, and the texts of its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data


@given(traces())
@settings(deadline=None)
def test_any_page(trace: Trace) -> None:
    """No text of a program's becomes an element, an attribute or a script of the page."""
    found = Reader(html.render(trace))

    assert found.tags <= TAGS | {
        *("html", "head", "meta", "link", "body", "main", "header", "section", "h1", "h2", "h3", "p", "ul", "ol", "li"),
        *("div", "span", "button", "output", "table", "thead", "tbody", "tr", "th", "td", "code", "b", "i", "bdi"),
        *("details", "summary", "script"),
    }
    assert not [name for name in found.attributes if name.startswith("on") or name in {"src", "srcset", "action"}]
    data, script = found.scripts
    assert HOSTILE not in script
    assert "<" not in data
    assert len(json.loads(data)["rows"]) == len(trace.tasks)


@pytest.mark.parametrize("start", [0, 5, 10**9 - 1, 10**9])
def test_a_hold_too_short_to_see_is_seen(start: int) -> None:
    """A hold of a moment has a band that can be seen and lies within the axis, even in the last moment."""
    end = min(start + 1, 10**9)
    task = TracedTask(1, "main", "main", 0, 10**9, holds=(Hold(start, end, "time.sleep", None),))
    drawn = layout.arrange(Trace("a.py", "3.12.1", "real", 0, 10**9, (task,), (Run(0, 10**9),)), 800)

    [band] = drawn.bands
    assert band.width >= 1
    assert drawn.axis.left <= band.x <= band.x + band.width <= drawn.axis.right


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_drawn_as_itself(state: str) -> None:
    """A bar of a state is painted by that state's rule, in the document and in what the page draws from."""
    waits = (Pause(state, 0, 10**9),) if state in KINDS else ()
    own, other = Hold(0, 10**9, "time.sleep", None), Hold(0, 10**9, "time.sleep", None)
    tasks = [TracedTask(1, "one", "one", 0, 10**9, waits=waits, holds=(own,) if state == BLOCKING else ())]
    if state == "held":
        tasks.append(TracedTask(2, "two", "two", 0, 10**9, holds=(other,)))
    trace = Trace("a.py", "3.12.1", "virtual", 0, 10**9, tuple(tasks), (Run(0, 10**9),))
    assert trace.segments(tasks[0]) == (Segment(0, 10**9, state, None, *trace.segments(tasks[0])[0][4:]),)

    chart = ET.fromstring(svg.render(trace)).find(f"{SPACE}g[2]")
    assert chart is not None
    painted = [path.get("class") for path in chart.iter(f"{SPACE}path") if "h" in path.get("d", "")]
    assert f"od-{state}" in painted
    data = json.loads(Reader(html.render(trace)).scripts[0])
    assert data["states"][data["rows"][0]["segments"][0]][0] == state
