"""The page in a real browser: from the heat map to a student's timeline, without an error and without a request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.classbook import Classbook
from grader.reports import page


class Visit:
    """A page that is open, with what it asked for and complained of meanwhile."""

    def __init__(self, browser: Any, file: Path, **context: Any) -> None:
        self.page = browser.new_context(**context).new_page()
        self.page.set_default_timeout(20_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())


@pytest.fixture(scope="module")
def file(a_class: Classbook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the sample class as a file."""
    path: Path = tmp_path_factory.mktemp("page") / "class.html"
    path.write_text("".join(page.render(a_class)), "utf-8")
    return path


@pytest.mark.parametrize("script", [True, False])
def test_from_the_heat_map_to_a_timeline(browser: Any, file: Path, script: bool) -> None:
    """A click on a cell shows that student alone, at that exercise, with its timeline; another leads back.

    It needs no script, asks nobody for anything, and the console stays empty.
    """
    visit = Visit(browser, file, java_script_enabled=script)
    shown = visit.page

    shown.get_by_role("table").first.get_by_role("row", name="José Ñandú").get_by_role("link", name="2").click()
    student = shown.get_by_role("region", name="José Ñandú")
    student.wait_for()
    assert not shown.get_by_role("heading", name="What the class got wrong").is_visible()
    assert not shown.get_by_role("region", name="Ada Lovelace").is_visible()

    timeline = student.get_by_role("img", name="Timeline: ran one after another")
    assert timeline.is_visible()
    box = timeline.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert box["height"] > 60

    student.get_by_role("link", name="← The class").click()
    shown.get_by_role("heading", name="What the class got wrong").wait_for()
    assert not student.is_visible()
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert visit.complaints == []


def test_finding_and_sorting(browser: Any, file: Path) -> None:
    """A name or a cause leaves the rows that have it; a column's button sorts by it, and says so."""
    visit = Visit(browser, file)
    rows = visit.page.locator(".heat tbody tr:visible th")

    visit.page.get_by_label("Find").fill("nañd ñ")
    visit.page.get_by_label("Find").fill("ñandú")
    assert rows.all_text_contents() == ["José Ñandú"]
    visit.page.get_by_label("Find").fill("")
    visit.page.locator("[data-find=waited-for-everybody]").click()
    assert 0 < rows.count() < 10
    visit.page.get_by_label("Find").fill("")

    visit.page.get_by_role("button", name="Sort by total").click()
    sums = [float(text) for text in visit.page.locator(".heat tbody td.sum").all_text_contents()]
    assert sums == sorted(sums, reverse=True)
    assert visit.page.locator(".heat th[aria-sort=descending]").count() == 1
    visit.page.get_by_role("button", name="Sort by student").click()
    assert rows.first.text_content() == "Ada Lovelace"
    assert visit.complaints == []


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_fits_the_screen(browser: Any, file: Path, width: int) -> None:
    """Nothing makes the page wider than a telephone: only tables scroll, in themselves."""
    visit = Visit(browser, file, viewport={"width": width, "height": 800})
    wide = "document.documentElement.scrollWidth"

    assert visit.page.evaluate(wide) <= width
    visit.page.goto(f"{file.as_uri()}#s5")
    assert visit.page.evaluate(wide) <= width


CONTRASTS = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
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
    if (!own || !element.checkVisibility() || element.closest("script, svg")) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${element.tagName}.${element.className} ${element.textContent.slice(0, 20)}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(poor)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "#s5", "#s9", "#s18"])
def test_contrast(browser: Any, file: Path, scheme: str, place: str) -> None:
    """Every text stands out from its ground by 4.5 : 1 at least, in light and in dark (WCAG 2, AA)."""
    visit = Visit(browser, file, color_scheme=scheme)
    visit.page.goto(file.as_uri() + place)

    assert visit.page.evaluate(CONTRASTS) == []
