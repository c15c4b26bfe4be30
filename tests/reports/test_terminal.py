"""Verdicts as text: pictures of whole reports, and what no report may contain.

The pictures are in `golden/`. To renew one, delete it and run its test twice.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.diagnosis.model import Diagnosis
from grader.reports.rows import ASCII, UNICODE, Signs
from grader.reports.terminal import WIDTH, Style, explain, render
from grader.timeline import Line, Operation, Timeline, picture
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS, Verdict, fold

GOLDEN = Path(__file__).with_name("golden")
UNIT = 1_000_000_000
LINE = Line("gather_weather.py", 14)
BLANK = Verdict(
    "03_gather_weather",
    "Fifty requests take one delay",
    "node",
    PASS,
    2,
    checks=3,
    total=5,
    submission="gather_weather.py",
)
ORDER = replace(BLANK, check="Each city is asked for once, and answered in its place", points=1)
REAL = replace(
    BLANK,
    check="And so on the real clock",
    clock="real",
    measured="0.23 s; one delay is 0.20 s, one after another would be 10.0 s",
)
SEQUENTIAL = Diagnosis(
    "ran-sequentially",
    "ran one after another",
    "50 requests took 50 delays; at most 1 was in flight. 1 delay was possible.",
    LINE,
    "this waits for each of the requests to end before the next one starts",
    "start them all first (gather, a TaskGroup, tasks), then await them together.",
    pictured=True,
)
BATCHED = replace(
    SEQUENTIAL,
    code="ran-in-batches",
    title="only 10 at a time",
    seen="50 requests took 5 delays; at most 10 were in flight. 1 delay was possible.",
)


def _spans(*spans: tuple[float, float | None]) -> Timeline:
    operations = [
        Operation("request", round(start * UNIT), None if end is None else round(end * UNIT), "url", LINE)
        for start, end in spans
    ]
    return Timeline(0, max(op.end or op.start for op in operations), tuple(operations))


def _failed(diagnosis: Diagnosis, *spans: tuple[float, float | None], text: str = "await client.get(url)") -> Verdict:
    drawn = picture(_spans(*spans), UNIT) if spans else None
    return replace(BLANK, outcome=FAIL, diagnosis=diagnosis, text=text, picture=drawn)


SERIAL = [(float(start), start + 1.0) for start in range(50)]
BATCHES = [(float(start // 10), start // 10 + 1.0) for start in range(50)]
REPORTS = {
    "passed": (BLANK, ORDER, REAL),
    "sequential": (_failed(SEQUENTIAL, *SERIAL, text="results.append(await client.get(url))"), ORDER, REAL),
    "batches": (
        _failed(BATCHED, *BATCHES),
        replace(ORDER, outcome=FAIL, diagnosis=replace(SEQUENTIAL, code="wrong-order"), rank=9),
        replace(REAL, outcome=NOT_RUN, measured=""),
    ),
    "two requests": (_failed(SEQUENTIAL, (0, 1), (1, 3)),),
    "syntax error": (
        _failed(
            Diagnosis(
                "syntax-error", "Python cannot read the file", "SyntaxError: '(' was never closed.", LINE, caret=6
            ),
            text="print(1",
        ),
    ),
    "not started": (
        _failed(Diagnosis("not-started", "not started", "f() still raises.", LINE, "your code goes here")),
    ),
    "no line": (_failed(Diagnosis("no-file", "the file is missing", "f.py is missing.", hint="write it.")),),
    "long": (
        _failed(
            replace(
                SEQUENTIAL,
                title="a title that is " + "very " * 12 + "long",
                seen="word " * 40,
                mark="why " * 30,
                line=LINE,
            ),
            text="results = await asyncio.gather(*(client.get(url, params=parameters) for url in urls))",
        ),
    ),
    "a long path": (_failed(replace(SEQUENTIAL, line=Line("a_package/of_helpers/with_a_long_name/gathering.py", 7))),),
    "fault": (replace(BLANK, outcome=ERROR, fault="RuntimeError: the world has no route"), ORDER),
    "not all ran": (BLANK,),
    "printed": (replace(_failed(SEQUENTIAL), printed="".join(f"line {number}\n" for number in range(30))), ORDER),
}


def _text(*verdicts: Verdict, style: Style) -> str:
    return "\n".join(row.text.rstrip() for row in render(fold(verdicts), style)) + "\n"


STYLES = {"unicode": Style(), "ascii": Style(ASCII), "every check": Style(every=True, name_file=True)}


@pytest.mark.parametrize("name", REPORTS)
def test_picture(name: str) -> None:
    """A report looks as it did, with Unicode, without, and with every check."""
    text = "\n".join(f"{f' {title} ':-^80}\n{_text(*REPORTS[name], style=style)}" for title, style in STYLES.items())
    golden = GOLDEN / f"{name.replace(' ', '-')}.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} is new: look at it, and run again")

    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_a_learner_reads_little(name: str) -> None:
    """A report has at most 20 lines of at most 80 columns, and says what was earned."""
    rows = _text(*REPORTS[name], style=Style()).splitlines()

    assert len(rows) <= 20
    assert max(map(len, rows)) <= WIDTH
    assert rows[0].endswith(" points")


@pytest.mark.parametrize("name", REPORTS)
def test_ascii(name: str) -> None:
    """Where the stream shows no more than ASCII, a report is ASCII."""
    assert _text(*REPORTS[name], style=Style(ASCII, every=True)).isascii()


@pytest.mark.parametrize("name", REPORTS)
def test_a_check_alone(name: str) -> None:
    """What is told of the check that failed, or of the measured one, is told by the report of the exercise too."""
    verdict = fold(REPORTS[name])
    told = [row for check in (verdict.cause or verdict.checks[-1],) for row in explain(check, Style())]

    assert told or name == "not all ran"
    assert set(told) <= set(render(verdict, Style()))


NASTY = st.text(st.characters(exclude_categories=[]), max_size=100) | st.text(
    "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ud800 x",
    max_size=30,
)
TICKS = st.integers(0, 100 * UNIT)
SPANS = st.lists(st.tuples(TICKS, st.none() | TICKS), min_size=1, max_size=60)


@st.composite
def _nasty_verdicts(draw: st.DrawFn) -> Verdict:
    operations = tuple(
        Operation("request", start, None if length is None else start + length, draw(NASTY), LINE)
        for start, length in draw(SPANS)
    )
    start = draw(TICKS)
    timeline = Timeline(start, start + draw(TICKS), operations)
    diagnosis = Diagnosis(
        draw(st.sampled_from(["not-started", "raised"])),
        draw(NASTY),
        draw(NASTY),
        draw(st.none() | st.builds(Line, NASTY, st.integers(0, 10**6))),
        draw(NASTY),
        draw(NASTY),
        draw(st.integers(0, 500)),
        pictured=True,
    )
    return Verdict(
        "03_gather_weather",
        draw(NASTY),
        "node",
        draw(st.sampled_from([PASS, FAIL, ERROR, NOT_RUN])),
        draw(st.sampled_from([0, 1, 2.5])),
        draw(st.sampled_from(["virtual", "real"])),
        diagnosis,
        text=draw(NASTY),
        picture=picture(timeline, draw(st.sampled_from([UNIT // 5, UNIT]))),
        measured=draw(NASTY),
        printed=draw(NASTY),
        fault=draw(NASTY),
        submission=draw(NASTY),
        total=5,
    )


NOTHING_TOOK_TIME = _failed(SEQUENTIAL, (0, None))
BEFORE_IT_BEGAN = replace(
    NOTHING_TOOK_TIME, picture=picture(replace(_spans((0, 100), (200, None)), start=100 * UNIT, end=100 * UNIT), UNIT)
)
STEERING = _failed(replace(SEQUENTIAL, title="\x1b[2J", line=Line("\x1b[31m\n.py", 1)))


@given(
    verdicts=st.lists(_nasty_verdicts(), min_size=1, max_size=3),
    signs=st.sampled_from([UNICODE, ASCII]),
    every=st.booleans(),
)
@example(verdicts=[NOTHING_TOOK_TIME], signs=UNICODE, every=False)
@example(verdicts=[BEFORE_IT_BEGAN], signs=UNICODE, every=False)
@example(verdicts=[STEERING], signs=UNICODE, every=False)
def test_any_report(verdicts: list[Verdict], signs: Signs, every: bool) -> None:  # noqa: FBT001
    """Whatever a submission does, its report fits the terminal, cannot steer it, and says what was earned."""
    rows = render(fold(verdicts), Style(signs, every=every, name_file=every))

    for row in rows:
        assert len(row.text) <= WIDTH
        assert not any(_steers(character) for character in row.text), ascii(row.text)
    assert any(row.text.endswith("of 5 points") for row in rows[:2])


def _steers(character: str) -> bool:
    # Controls, lone surrogates, line separators, and whatever turns the direction of text.
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in bidi
        or character in "\u061c\u200e\u200f"
    )
