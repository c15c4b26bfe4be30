"""The page of a trace in a real browser: zoom, pointing, keys and findings do what they say, without a request."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from grader.tracing import html, scale
from grader.tracing.data import from_data
from grader.tracing.trace import HELD, STATES, TASK, Pause, Run, Trace, TracedTask

SAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "samples").glob("*.json"))}
SECOND = 1_000_000_000


def sample(name: str) -> Trace:
    """Return the trace of a real run."""
    return from_data(json.loads(SAMPLES[name].read_text("utf-8")))


class Visit:
    """A page that is open, with what it asked for and complained of meanwhile."""

    def __init__(self, browser: Any, folder: Path, trace: Trace, **context: Any) -> None:
        file = folder / "trace.html"
        file.write_text(html.render(trace), "utf-8")
        self.page = browser.new_context(**{"reduced_motion": "reduce"} | context).new_page()
        self.page.set_default_timeout(20_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())

    def wait(self, condition: str) -> None:
        """Wait until *condition* holds; the page's policy forbids Playwright's own way."""
        for _ in range(200):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(25)
        pytest.fail(f"not in five seconds: {condition}")

    @property
    def window(self) -> tuple[float, float]:
        """What is to be seen, as parts of the whole run."""
        start, end = self.page.evaluate("[view.from / END, view.to / END]")
        return start, end

    @property
    def shown(self) -> str:
        """What the page says that is to be seen."""
        return str(self.page.locator("#window").inner_text())

    def point(self, row: int, part: float) -> tuple[float, float]:
        """Return where in the browser's window a row is at a part of the run."""
        place: list[float] = self.page.evaluate(
            "([row, part]) => { const area = rowsSvg.getBoundingClientRect();"
            " return [area.left + x(part * END), area.top + 3 + (row + 0.5) * view.height]; }",
            [row, part],
        )
        return place[0], place[1]

    def bars(self, *, dim: bool = False) -> dict[str, list[tuple[float, float]]]:
        """Return from when to when each state's bars in the chart go, in seconds, without moments."""
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for state in STATES:
            style = f"od-{state} {'dim' if dim else ''}"
            boxes: list[list[float]] = self.page.evaluate(
                "style => [...rowsSvg.querySelectorAll('path')].filter(p => p.getAttribute('class') === style)"
                ".flatMap(p => [...p.getAttribute('d').matchAll(/M([\\d.]+) [\\d.]+h([\\d.]+)/g)]"
                ".map(m => [time(+m[1]) / 1e9, time(+m[1] + +m[2]) / 1e9]))",
                style,
            )
            found[state] = [(a, b) for a, b in boxes if state != "running" or b - a > 0.02]
        return found


@pytest.mark.parametrize("name", ["blocked", "semaphore", "failing", "threads-real", "workers"])
def test_the_chart_shows_what_the_tasks_did(browser: Any, tmp_path: Path, name: str) -> None:
    """Each bar goes from the start to the end of what a task did, in its state; and the page is quiet."""
    trace = sample(name)
    visit = Visit(browser, tmp_path, trace)
    drawn = visit.bars()

    # A screen's pixel is about 4 ms here, and gaps between bars are half a pixel.
    wide = 3 * trace.elapsed / 800 / SECOND
    for state in set(STATES) - {"running"}:
        did = [
            (segment.start / SECOND, segment.end / SECOND)
            for task in trace.tasks
            for segment in trace.segments(task)
            if segment.state == state and (segment.end - segment.start) / SECOND > wide
        ]
        seen = [(a, b) for a, b in drawn[state] if b - a > wide / 2]
        assert len(seen) == len(did)
        for (a, b), (start, end) in zip(sorted(seen), sorted(did), strict=True):
            assert (a, b) == pytest.approx((start, end), abs=wide)
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert visit.complaints == []


def test_pointing_at_a_bar_shows_its_line(browser: Any, tmp_path: Path) -> None:
    """The card tells whose wait it is, for what, from when and how long, the line, and the coroutines around it."""
    trace = sample("sequential")
    visit = Visit(browser, tmp_path, trace)
    card = visit.page.locator("#card")
    assert not card.is_visible()

    visit.page.mouse.move(*visit.point(0, 0.5))
    text = card.inner_text()
    pause = trace.tasks[0].waits[2]
    assert pause.line is not None
    assert "main waits for time to pass: asyncio.sleep" in text
    assert "from 2 s for 1 s, until 3 s" in text
    assert f"{pause.line.file}:{pause.line.number}" in text
    assert trace.text(pause.line) in text
    assert trace.text(pause.chain[0].line) in text.partition("awaited from")[2]
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0

    visit.page.mouse.move(5, 5)
    assert not card.is_visible()


def test_pointing_at_a_hold_shows_what_held_the_loop(browser: Any, tmp_path: Path) -> None:
    """Where the loop was held the card tells by which line, also beside the bars; a task that waited does, too."""
    visit = Visit(browser, tmp_path, sample("blocked"))
    card = visit.page.locator("#card")
    length = sample("blocked").elapsed / SECOND

    visit.page.mouse.move(*visit.point(0, 0.3 / length))
    assert card.inner_text().startswith("main waits for other tasks: asyncio.gather")
    assert "Meanwhile time.sleep held the loop, blocked.py:12." in card.inner_text()
    visit.page.mouse.move(*visit.point(4, 0.3 / length))
    assert card.inner_text().startswith("resize 3 was ready, but the loop was held: time.sleep")
    assert "Meanwhile" not in card.inner_text()
    visit.page.mouse.move(*visit.point(2, 1.2 / length))
    assert card.inner_text().startswith("time.sleep held the loop\nfrom 1.1 s for 500 ms, until 1.6 s\nblocked.py:12")
    assert visit.complaints == []


def test_a_finger_does_what_a_pointer_does(browser: Any, tmp_path: Path) -> None:
    """On a telephone a tap on a bar shows its card, and one beside the bars takes it away."""
    visit = Visit(browser, tmp_path, sample("semaphore"), has_touch=True, viewport={"width": 400, "height": 800})
    card = visit.page.locator("#card")

    visit.page.touchscreen.tap(*visit.point(4, 0.1))
    assert card.inner_text().startswith("download 4 waits for a lock, event or queue: Semaphore.acquire")
    box = card.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 400
    visit.page.touchscreen.tap(*visit.point(1, 0.9))
    assert not card.is_visible()
    assert visit.complaints == []


@pytest.mark.parametrize(
    "ticks", [0, 1, 999, 1_525_000_000, 999_499_999, 999_500_000, 119 * SECOND, 3_599 * SECOND, 5_430 * SECOND]
)
def test_the_page_tells_lengths_as_everybody_does(browser: Any, tmp_path: Path, ticks: int) -> None:
    """The page's own words for a length of time are those of the picture."""
    visit = Visit(browser, tmp_path, sample("sequential"))

    assert visit.page.evaluate("words", ticks) == scale.words(ticks)


@pytest.mark.parametrize("seconds", [0.0005, 0.5, 5, 125, 9_000, 86_400])
def test_the_page_marks_time_as_everybody_does(browser: Any, tmp_path: Path, seconds: float) -> None:
    """The labels of the page's axis are those of the picture; a moment is told in the same unit."""
    length = round(seconds * SECOND)
    task = TracedTask(1, "main", "main", 0, length, main=True, waits=(Pause("sleep", 0, length, "asyncio.sleep"),))
    visit = Visit(browser, tmp_path, Trace("a.py", "3.12.1", "virtual", 0, length, (task,), (Run(0, length),)))
    marks = scale.marks(length, 8)
    every = marks.marks[1].ticks

    assert visit.page.evaluate("unit") == marks.unit
    told = [visit.page.evaluate("([at, every]) => tick(at, every)", [mark.ticks, every]) for mark in marks.marks]
    assert told == [mark.label for mark in marks.marks]
    last = visit.page.evaluate("moment", length)
    assert (
        last
        == {0.0005: "500 µs", 0.5: "500 ms", 5: "5 s", 125: "2:05 min", 9_000: "2:30:00 h", 86_400: "24:00:00 h"}[
            seconds
        ]
    )


def test_the_wheel_zooms_around_the_pointer(browser: Any, tmp_path: Path) -> None:
    """Once clicked, the wheel zooms; what is under the pointer stays there. Double click shows the whole run."""
    visit = Visit(browser, tmp_path, sample("semaphore"))
    x, y = visit.point(2, 0.25)

    visit.page.mouse.move(x, y)
    visit.page.mouse.wheel(0, -200)
    visit.page.wait_for_timeout(50)
    assert visit.window == (0, 1), "it zooms before it was clicked, so that nobody can scroll past it"

    visit.page.mouse.click(x, y)
    visit.page.mouse.wheel(0, -500)
    visit.wait("view.to - view.from < 0.9 * END")
    assert visit.point(2, 0.25)[0] == pytest.approx(x, abs=0.5)
    start, end = visit.window
    assert 0 < start < 0.25 < end < 1
    told = re.fullmatch(r"([\d.]+) s to ([\d.]+) s", visit.shown)
    assert told is not None
    assert (float(told[1]), float(told[2])) == pytest.approx((start * 5, end * 5), abs=0.01)

    visit.page.mouse.dblclick(x, y)
    visit.wait("view.from === 0 && view.to === END")
    assert visit.shown == "the whole run"
    assert visit.complaints == []


def test_buttons_and_keys_zoom_and_move(browser: Any, tmp_path: Path) -> None:
    """Buttons and keys halve and double what is to be seen, and move it, never beyond the run."""
    visit = Visit(browser, tmp_path, sample("semaphore"))

    visit.page.get_by_role("button", name="Zoom in").click()
    assert visit.window == (0.25, 0.75)
    assert visit.shown == "1.25 s to 3.75 s"
    visit.page.get_by_role("button", name="Later").click()
    assert visit.window == pytest.approx((0.4, 0.9))
    visit.page.locator("#stage").focus()
    visit.page.keyboard.press("Shift+ArrowRight")
    assert visit.window == pytest.approx((0.5, 1))
    visit.page.keyboard.press("Shift+ArrowRight")
    assert visit.window == pytest.approx((0.5, 1))
    visit.page.keyboard.press("+")
    assert visit.window == pytest.approx((0.625, 0.875))
    visit.page.keyboard.press("-")
    visit.page.keyboard.press("-")
    visit.page.keyboard.press("-")
    assert visit.window == (0, 1)
    visit.page.keyboard.press("+")
    visit.page.keyboard.press("0")
    assert visit.window == (0, 1)
    for _ in range(60):
        visit.page.keyboard.press("+")
    start, end = visit.window
    assert 0 < (end - start) < 1e-5
    assert visit.complaints == []


def test_dragging_moves_the_run(browser: Any, tmp_path: Path) -> None:
    """What was under the pointer when the drag began is under it when it ends."""
    visit = Visit(browser, tmp_path, sample("semaphore"))
    visit.page.get_by_role("button", name="Zoom in").click()
    x, y = visit.point(3, 0.5)

    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 100, y, steps=4)
    visit.page.mouse.up()

    assert visit.point(3, 0.5)[0] == pytest.approx(x + 100, abs=0.5)
    assert visit.window[0] < 0.25


def test_keys_walk_through_the_waits(browser: Any, tmp_path: Path) -> None:
    """Arrows go from wait to wait and from task to task; each is told aloud; Enter leads to its line."""
    trace = sample("semaphore")
    visit = Visit(browser, tmp_path, trace, viewport={"width": 900, "height": 420})
    said = visit.page.locator("#said")

    visit.page.locator("#stage").focus()
    visit.page.keyboard.press("ArrowDown")
    assert (said.text_content() or "").startswith("main waits for other tasks: asyncio.gather, from 0 s for 5 s")
    for _ in range(4):
        visit.page.keyboard.press("ArrowDown")
    told = said.text_content() or ""
    assert told.startswith("download 4 waits for a lock, event or queue: Semaphore.acquire, from 0 s for 1 s")
    assert told.endswith("async with limit: The task ended.")
    visit.page.keyboard.press("ArrowRight")
    assert (said.text_content() or "").startswith("download 4 waits for time to pass: asyncio.sleep, from 1 s")
    assert visit.page.locator("#chosen").is_visible()
    assert visit.page.locator("#card").is_visible()

    visit.page.keyboard.press("Enter")
    line = visit.page.locator("tr.here")
    assert "await asyncio.sleep" in line.inner_text()
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("#chosen").count() == 0
    assert not visit.page.locator("#card").is_visible()
    assert visit.complaints == []


def test_a_finding_lights_up_its_bars(browser: Any, tmp_path: Path) -> None:
    """A finding's button leaves its own bars bright and dims the others; pressed again, it gives them back."""
    visit = Visit(browser, tmp_path, sample("blocked"))
    everything = visit.bars()
    button = visit.page.get_by_role("region", name="What can be seen in it").get_by_role("button")

    button.click()
    lit, dim = visit.bars(), visit.bars(dim=True)
    assert button.get_attribute("aria-pressed") == "true"
    assert lit["blocking"] == everything["blocking"]
    assert lit[HELD] == everything[HELD]  # by that line
    assert lit["sleep"] == lit[TASK] == []
    assert dim["sleep"] == everything["sleep"]
    assert "blocked.py:12 in the picture" in (visit.page.locator("#said").text_content() or "")

    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert visit.bars() == everything


def test_a_line_of_the_source_lights_up_its_bars(browser: Any, tmp_path: Path) -> None:
    """So does a line in the listing; one at a time."""
    visit = Visit(browser, tmp_path, sample("semaphore"))
    buttons = visit.page.get_by_role("region", name="Where the time went").get_by_role("button")
    assert buttons.count() == 3

    for number in range(3):
        buttons.nth(number).click()
        assert visit.page.locator("[aria-pressed=true]").count() == 1
    lit = visit.bars()
    assert lit[TASK]
    assert not lit["signal"]


@pytest.mark.parametrize("width", [320, 400, 1200])
@pytest.mark.parametrize("name", ["blocked", "many", "workers"])
def test_it_fits_the_screen(browser: Any, tmp_path: Path, name: str, width: int) -> None:
    """Nothing makes the page wider than a telephone; the chart is as wide as the page."""
    visit = Visit(browser, tmp_path, sample(name), viewport={"width": width, "height": 800})

    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    right = visit.page.evaluate(
        "Math.max(...[...rowsSvg.querySelectorAll('path')].map(p => p.getBoundingClientRect().right))"
    )
    assert right <= visit.page.evaluate("stage.getBoundingClientRect().right")
    assert visit.page.evaluate("view.right - view.left") > width / 3


def test_without_a_script_the_chart_stands_there(browser: Any, tmp_path: Path) -> None:
    """Without its script the page has the same chart as a picture, and no buttons that do nothing."""
    visit = Visit(browser, tmp_path, sample("blocked"), java_script_enabled=False)

    assert visit.page.get_by_role("img", name="Timeline").is_visible()
    assert visit.page.get_by_role("button").count() == 0
    assert visit.page.get_by_role("heading", name="Blocked the event loop").is_visible()
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []


def test_on_paper_there_is_no_tool(browser: Any, tmp_path: Path) -> None:
    """What is printed is the chart, the findings and the source, each of them whole."""
    visit = Visit(browser, tmp_path, sample("many"))
    visit.page.emulate_media(media="print")

    assert not visit.page.get_by_role("button").first.is_visible()
    assert visit.page.evaluate("stage.scrollHeight <= stage.clientHeight + 2")


def test_gently_or_at_once(browser: Any, tmp_path: Path) -> None:
    """Zooming moves gently, and at once for who wants no motion."""
    at_once = Visit(browser, tmp_path, sample("semaphore"))
    assert at_once.page.evaluate("(() => { deeds.in(); return view.to - view.from; })()") == 2.5 * SECOND

    gently = Visit(browser, tmp_path, sample("semaphore"), reduced_motion="no-preference")
    assert gently.page.evaluate("(() => { deeds.in(); return view.to - view.from; })()") == 5 * SECOND
    gently.wait("view.to - view.from === 2.5e9")


def test_hundreds_of_rows_scroll_under_their_axis(browser: Any, tmp_path: Path) -> None:
    """Of many tasks the rows scroll, the axis stays; they can be made taller; and keys bring theirs into view."""
    waits = (Pause("sleep", 0, SECOND, "asyncio.sleep"),)
    tasks = tuple(
        TracedTask(n, "work", "work", 0, SECOND, parent=1 if n > 1 else None, waits=waits) for n in range(1, 3001)
    )
    visit = Visit(browser, tmp_path, Trace("a.py", "3.12.1", "virtual", 0, SECOND, tasks, (Run(0, SECOND),)))
    top = "topSvg.getBoundingClientRect().top - stage.getBoundingClientRect().top"

    assert visit.page.evaluate("rows.length") == 500
    before = visit.page.evaluate(top)
    visit.page.get_by_role("button", name="Taller rows").click()
    visit.page.evaluate("stage.scrollTop = 2000")
    assert visit.page.evaluate(top) == pytest.approx(before, abs=12)
    visit.page.locator("#stage").focus()
    visit.page.keyboard.press("ArrowDown")
    assert visit.page.evaluate("stage.scrollTop") == 0
    for _ in range(12):
        visit.page.keyboard.press("PageDown")
    assert visit.page.evaluate("view.at.row") == 120
    assert visit.page.evaluate("stage.scrollTop") > 0
    assert visit.complaints == []


CONTRASTS = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const ratio = (p, q) => { const [a, b] = [light(p), light(q)]; return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("script, defs")) continue;
    const painted = element.closest("svg") ? "fill" : "color", within = element.getAttribute("class") || "";
    const state = (within.match(/in-(\\w+)/) || [])[1];
    const below = state ? parts(getComputedStyle(document.querySelector(`#rows .od-${state}:not([style*=url])`)).fill) : ground(element);
    const found = ratio(parts(getComputedStyle(element)[painted]), below);
    if (found < 4.5) poor.push(`${element.tagName}.${within} ${element.textContent.slice(0, 20)}: ${found.toFixed(2)}`);
  }
  return [...new Set(poor)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Any, tmp_path: Path, scheme: str) -> None:
    """Every text stands out from its ground, bars too, by 4.5 : 1 at least, in light and in dark (WCAG 2, AA)."""
    kinds = ("sleep", "network", "signal", "thread", "other")
    tasks = [
        TracedTask(n, kind, kind, 0, SECOND, main=n == 1, waits=(Pause(kind, 0, SECOND, "it"),))
        for n, kind in enumerate(kinds, 1)
    ]
    blocked = sample("blocked")
    trace = Trace("a.py", "3.12.1", "real", 0, SECOND, tuple(tasks), (Run(0, SECOND),))

    for shown in (trace, blocked):
        visit = Visit(browser, tmp_path, shown, color_scheme=scheme)
        written = visit.page.locator("#rows .in").count()
        assert written >= 4
        assert visit.page.evaluate(CONTRASTS) == []


def test_texts_of_a_program_stay_texts(browser: Any, tmp_path: Path) -> None:
    """A name that would be markup is shown as it is, in the chart and on the card."""
    name = '<img src=x onerror="alert(1)">'
    waits = (Pause("sleep", 0, SECOND, "</script><b>"),)
    task = TracedTask(1, name, name, 0, SECOND, main=True, waits=waits)
    visit = Visit(browser, tmp_path, Trace(name, "3.12.1", "real", 0, SECOND, (task,), (Run(0, SECOND),)))
    visit.page.mouse.move(*visit.point(0, 0.5))

    assert visit.page.locator("#card").inner_text().startswith(f"{name} waits for time to pass: </script><b>")
    assert visit.page.locator("#card img, #rows b").count() == 0
    assert re.fullmatch(r"<img src=x.*", visit.page.locator("#rows text").first.text_content() or "") is None
    assert visit.complaints == []
