"""Traces as SVG. The pictures in `golden/` are of real runs; to renew one, delete it, run its test twice, look at it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.timeline import Hold, Line
from grader.tracing import launch, layout, outcome, svg
from grader.tracing.data import from_data
from grader.tracing.trace import Pause, Run, Trace, TracedTask

HERE = Path(__file__).parent
SAMPLES = {path.stem: path for path in sorted((HERE / "samples").glob("*.json"))}
SPACE = "{http://www.w3.org/2000/svg}"
SECOND = 1_000_000_000


def sample(name: str) -> Trace:
    """Return the trace of a real run."""
    return from_data(json.loads(SAMPLES[name].read_text("utf-8")))


def texts(document: str) -> list[str]:
    """Return every text of a picture."""
    return ["".join(element.itertext()) for element in ET.fromstring(document).iter(f"{SPACE}text")]


def bars(document: str, state: str) -> list[tuple[float, float, float]]:
    """Return x, y and width of every bar of a state in the chart."""
    chart = ET.fromstring(document).find(f"{SPACE}g[2]")
    assert chart is not None
    rules = re.findall(rf'"od-{state}"[^>]* d="([^"]*)"', ET.tostring(chart, "unicode").replace("ns0:", ""))
    found = [box for path in rules[:1] for box in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", path)]
    return [(float(x), float(y), float(width)) for x, y, width in found]


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.endswith("-real")])
def test_picture(name: str) -> None:
    """The picture of a real run looks as it did; its colours are those of all."""
    document = svg.render(sample(name))
    assert svg.style() in document
    text = document.replace(svg.style(), "").replace("><", ">\n<")
    golden = HERE / "golden" / f"{name}.svg"
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} is new: look at it, and run again")

    assert text == golden.read_text("utf-8")


def test_the_picture_of_the_readme_is_of_a_real_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """`docs/run.svg` is what `onedelay run weather.py --virtual --svg run.svg` writes."""
    scripts = HERE.parents[1] / "docs" / "scripts"
    monkeypatch.chdir(scripts)
    result = outcome.run(launch.Request("weather.py", (), virtual=True, limit=60))

    assert svg.render(result.trace) == (scripts.parent / "run.svg").read_text("utf-8")


def test_one_after_another_and_together() -> None:
    """Five sleeps of one task stand side by side and fill its row; those of five tasks stand above each other."""
    turns = bars(svg.render(sample("sequential")), "sleep")
    together = bars(svg.render(sample("gathered")), "sleep")

    assert len(turns) == len(together) == 5
    assert len({y for _, y, _ in turns}) == 1
    for (x, _, width), (following, _, _) in zip(turns, turns[1:], strict=False):
        assert x + width < following < x + width + 2
    assert len({y for _, y, _ in together}) == 5
    assert len({x for x, _, _ in together}) == 1


def test_a_hold_is_a_band_with_its_line() -> None:
    """What held the loop is named above the rows, with its line and for how long; holds in a row are one."""
    document = svg.render(sample("blocked"))

    assert f"3 {chr(215)} time.sleep(0.5) · blocked.py:12 · 1.5 s" in texts(document)
    assert len(bars(document, "blocking")) == 3
    kept = Counter(y for _, y, _ in bars(document, "held"))
    assert sorted(kept.values()) == [1, 2, 3]  # the second was kept from running by the first, the third by both


def test_who_waits_for_ever_shows_for_what() -> None:
    """In a deadlock each task ends with the wait that nobody ends, though it began with the last moment."""
    document = svg.render(sample("deadlocked"))

    locks = bars(document, "signal")
    assert len(locks) == 2
    assert min(x for x, _, _ in locks) > max(x + width - 1 for x, _, width in bars(document, "sleep"))
    assert "waits for a lock, event or queue" in texts(document)
    assert "never ended" in texts(document)


def test_the_legend_tells_of_what_is_there() -> None:
    """A sign that the chart has not is not explained."""
    shown = texts(svg.render(sample("sequential")))

    assert "waits for time to pass" in shown
    assert "waits for the network" not in shown
    assert "failed" not in shown


def test_who_cannot_see_it_is_told() -> None:
    """The title and the description say what the picture shows."""
    root = ET.fromstring(svg.render(sample("sequential")))

    assert root.get("role") == "img"
    assert root.findtext(f"{SPACE}title") == "sequential.py"
    words = root.findtext(f"{SPACE}desc") or ""
    assert words.startswith("1 task in 5 s, at most 1 in flight at once.")
    assert "ran one after another" in words


def _many(count: int) -> Trace:
    """Return a main coroutine that waits for *count* tasks, two of which fail."""
    waits = (Pause("sleep", 0, SECOND, "asyncio.sleep"),)
    tasks = [
        TracedTask(n, "work", "work", 0, SECOND, "failed" if n in {3, count} else "done", 1, waits=waits)
        for n in range(2, count + 2)
    ]
    main = TracedTask(1, "main", "main", 0, SECOND, main=True, waits=(Pause("task", 0, SECOND, "gather"),))
    return Trace("many.py", "3.12.1", "virtual", 0, SECOND, (main, *tasks), (Run(0, SECOND),))


def test_of_ten_thousand_tasks_some_are_drawn_and_it_says_so() -> None:
    """The picture of thousands of tasks stays small: an even choice, those that failed among them."""
    document = svg.render(_many(10_000))
    drawn = texts(document)

    assert "10,001 tasks in 1 s, at most 10,000 in flight at once; 120 of the tasks are drawn." in drawn
    assert len(bars(document, "sleep")) == 119
    assert "main" in drawn
    assert "failed" in drawn
    assert len(document) < 40_000


def test_children_stand_beneath_their_parents_of_many_too() -> None:
    """Of ten groups of a hundred tasks every group is drawn, and beneath it its own tasks only."""
    groups = [TracedTask(n, f"group {n}", "group", 0, SECOND, parent=1) for n in range(2, 12)]
    works = [TracedTask(n, f"work {n % 10}", "work", 0, SECOND, parent=2 + n % 10) for n in range(12, 1_012)]
    main = TracedTask(1, "main", "main", 0, SECOND, main=True)
    trace = Trace("many.py", "3.12.1", "virtual", 0, SECOND, (main, *groups, *works), (Run(0, SECOND),))

    rows = [place.row for place in layout.arrange(trace, 800).rows]
    assert [row.depth for row in rows[:3]] == [0, 1, 2]
    assert [row.name for row in rows if row.depth == 1] == [task.name for task in groups]
    beneath = ""
    for row in rows:
        beneath = row.name if row.depth == 1 else beneath
        assert row.depth < 2 or beneath == f"group {row.task.parent}"


def test_a_very_long_run_of_waits_is_drawn_as_far_as_it_can_be_seen() -> None:
    """A hundred thousand waits in a row make a few hundred bars, which fill the row."""
    waits = tuple(Pause("sleep", n * 10_000, (n + 1) * 10_000, "asyncio.sleep") for n in range(100_000))
    task = TracedTask(1, "main", "main", 0, SECOND, main=True, waits=waits)
    document = svg.render(Trace("a.py", "3.12.1", "virtual", 0, SECOND, (task,), (Run(0, SECOND),)))
    found = bars(document, "sleep")

    assert 300 < len(found) < 1_000
    assert sum(width for _, _, width in found) > 600
    assert len(document) < 60_000


def test_a_program_without_a_loop() -> None:
    """A program that ran no task has no chart, and says so."""
    document = svg.render(sample("plain"))

    assert "No task ran. It took 0 s." in texts(document)
    assert "od-life" not in document.split("</style>")[1]


@pytest.mark.parametrize(
    ("how", "code", "told"),
    [
        ("interrupted", 130, "Stopped with Ctrl-C; this is what had happened until then."),
        ("exit", 3, "It ended with sys.exit, exit code 3."),
    ],
)
def test_it_says_how_the_program_ended(how: str, code: int, told: str) -> None:
    """An unusual end that no finding tells of stands above the chart."""
    trace = sample("sequential")
    ended = replace(trace, ending=replace(trace.ending, how=how, code=code))

    assert told in texts(svg.render(ended))
    assert told not in texts(svg.render(trace))


def test_only_holds_that_have_room_are_named() -> None:
    """Labels of holds do not overlap: the longest are named, and every one has its band."""
    spent = tuple(
        Hold(
            n * SECOND // 50, n * SECOND // 50 + SECOND // 100 * (2 if n == 7 else 1), "time.sleep", Line("a.py", n + 1)
        )
        for n in range(0, 50, 2)
    )
    task = TracedTask(1, "main", "main", 0, SECOND, main=True, holds=spent)
    source = {"a.py": tuple(f"time.sleep({n})" for n in range(60))}
    document = svg.render(Trace("a.py", "3.12.1", "real", 0, SECOND, (task,), (Run(0, SECOND),), source=source))

    named = [text for text in texts(document) if text.startswith("time.sleep(")]
    assert 4 <= len(set(named)) < 25
    assert len(bars(document, "blocking")) == 25
