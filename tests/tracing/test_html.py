"""A trace as one HTML file: self-contained, escaped, and telling the same as the picture. In a browser: see the next."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from grader.timeline import Line
from grader.tracing import embedded, html
from grader.tracing.data import from_data
from grader.tracing.listing import Cost, costs
from grader.tracing.trace import Pause, Run, Trace, TracedTask

SAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "samples").glob("*.json"))}
SECOND = 1_000_000_000


def sample(name: str) -> Trace:
    """Return the trace of a real run."""
    return from_data(json.loads(SAMPLES[name].read_text("utf-8")))


def data_of(page: str) -> Any:
    """Return what the page draws from."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_asks_nobody_for_anything(name: str) -> None:
    """Nothing in it is to be loaded from elsewhere, its policy forbids that, and allows the one script that it has."""
    page = html.render(sample(name))

    assert re.findall(r"""(?:src|href|url|@import)\s*[=(:]\s*["']?([^"'\s)]*)""", page.replace("url(#", "")) == [
        "data:,"
    ]
    assert "default-src 'none'" in page
    script = page.rpartition("<script>")[2].partition("</script>")[0]
    assert f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in page


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_has_what_the_tasks_did(name: str) -> None:
    """Its data are the trace's segments, each with its line, from a task's start to its end."""
    trace = sample(name)
    data = data_of(html.render(trace))

    assert len(data["rows"]) == len(trace.tasks)
    by_name = {row["name"].rsplit(" ", 1)[0]: row for row in data["rows"]}
    for task in trace.tasks:
        assert task.name in by_name or task.name in {row["name"] for row in data["rows"]}
    drawn = sum(len(row["segments"]) // 6 for row in data["rows"])
    ended_at_once = sum(bool(task.waits) and task.waits[-1].end is None for task in trace.tasks)
    assert drawn - ended_at_once <= sum(len(trace.segments(task)) for task in trace.tasks) <= drawn
    for row in data["rows"]:
        times = [(row["segments"][at + 1], row["segments"][at + 2]) for at in range(0, len(row["segments"]), 6)]
        assert all(end == start for (_, end), (start, _) in zip(times, times[1:], strict=False))
        assert not times or times[0][0] == row["from"]


def test_a_chain_of_coroutines_travels_with_its_wait() -> None:
    """A wait within coroutines has the lines of all of them, outermost first."""
    data = data_of(html.render(sample("sequential")))
    [row] = data["rows"]
    chain = [data["lines"][number] for number in data["chains"][row["segments"][5]]]

    assert [text for _, _, text in chain][-1].startswith("await asyncio.sleep")
    assert len(chain) == 2
    assert data["lines"][row["segments"][3]] == chain[-1]


def test_a_line_has_its_total_beside_it() -> None:
    """The listing adds up what tasks waited at a line, and says how often."""
    trace = sample("sequential")
    [(line, cost)] = costs(trace).items()
    page = html.render(trace)

    assert cost == Cost(5 * SECOND, 5, 0)
    row = re.search(rf"<tr[^>]*>(<td>5 s.*?)<td>{line.number}<td><code>(.*?)</code>", page)
    assert row is not None
    assert "in 5 waits" in row[1]
    assert row[2].strip() == trace.text(line)


def test_a_long_file_is_shown_around_its_busy_lines() -> None:
    """Of a file of a thousand lines those are listed where time went, and their neighbours."""
    trace = sample("sequential")
    [line] = costs(trace)
    longer = {line.file: (*trace.source[line.file], *["pass"] * 1_000)}
    page = html.render(replace(trace, source=longer))

    assert page.count("<tr") < 20
    assert f"<td>{line.number}<td>" in page
    assert "⋯" in page


def test_a_finding_leads_to_its_bars_only_where_it_has_some() -> None:
    """A finding about a line that has bars has a button that shows them; one about another line has none."""
    assert 'data-line="' in html.render(sample("blocked")).partition('id="seen"')[2].partition("</section>")[0]
    forgotten = html.render(sample("never_awaited")).partition('id="seen"')[2].partition("</section>")[0]
    assert "Forgot an await" in forgotten
    assert "data-line" not in forgotten


def _many(count: int, waits: int) -> Trace:
    tasks = tuple(
        TracedTask(
            number, "work", "work", 0, SECOND, main=number == 1,
            waits=tuple(Pause("sleep", n * SECOND // waits, (n + 1) * SECOND // waits, "asyncio.sleep") for n in range(waits)),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    return Trace("many.py", "3.12.1", "virtual", 0, SECOND, tasks, (Run(0, SECOND),))


def test_of_thousands_of_tasks_some_are_kept_and_it_says_so() -> None:
    """A page of ten thousand tasks has as many rows as one can scroll through, and says that they are not all."""
    page = html.render(_many(10_000, 2))

    assert len(data_of(page)["rows"]) == embedded.MOST_ROWS
    assert (
        "500 of 10,000 tasks are drawn: those that made others, some that stand out, and an even choice of the rest."
        in page
    )
    assert len(page) < 300_000


def test_of_a_task_that_waits_without_end_neighbours_are_joined() -> None:
    """Segments beyond what a page can hold are joined, so that the row stays whole, and it says so."""
    page = html.render(_many(1, 100_000))
    [row] = data_of(page)["rows"]

    assert len(row["segments"]) // 6 <= embedded.MOST_SEGMENTS
    assert row["segments"][2 - 6 + len(row["segments"])] == SECOND - 0
    assert "neighbouring waits are drawn as one" in page


def test_a_program_without_a_loop_has_a_page_without_a_chart() -> None:
    """Where no task ran there is nothing to zoom into, and no script."""
    page = html.render(sample("plain"))

    assert "No task ran. It took 0 s." in page
    assert 'id="stage"' not in page
    assert "<script></script>" in page


def test_notes_are_told() -> None:
    """What could not be traced stands at the top."""
    trace = replace(sample("sequential"), notes=("Threads of its own were not traced.",), dropped=3)
    page = html.render(trace)

    assert "<li>Threads of its own were not traced." in page
    assert "<li>3 further tasks and waits were not kept." in page


def test_a_file_and_a_line_that_are_not_known() -> None:
    """A line beyond its file, or of a file whose source is not known, has its place all the same."""
    waits = (Pause("sleep", 0, SECOND, "asyncio.sleep", ()),)
    task = TracedTask(1, "main", "main", 0, SECOND, main=True, waits=waits, line=Line("gone.py", 7))
    page = html.render(
        Trace("gone.py", "3.12.1", "real", 0, SECOND, (task,), (Run(0, SECOND),), source={"gone.py": ()})
    )

    assert data_of(page)["lines"] == [["gone.py", 7, ""]]
    assert 'id="source"' not in page
