"""The site that is built from docs: without a warning, complete, and readable without a network."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

pytest.importorskip("furo", reason="pip install -e '.[docs]'")
pytest.importorskip("myst_parser", reason="pip install -e '.[docs]'")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FAR = ("http:", "https:", "//")


class Page(HTMLParser):
    """What a page of the site holds: the ids to jump to, where its links lead, and what it loads."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if given.get("src"):
            self.loads.append(str(given["src"]))
        if given.get("href"):
            (self.links if tag == "a" else self.loads).append(str(given["href"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site, built as CONTRIBUTING says, elsewhere; a warning fails it."""
    folder = tmp_path_factory.mktemp("site")
    before = {path: path.stat().st_mtime_ns for path in DOCS.rglob("*")}
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(DOCS), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {path: path.stat().st_mtime_ns for path in DOCS.rglob("*")} == before, "building it wrote into docs/"
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Return what each page of the site holds."""
    return {file: Page(file) for file in site.rglob("*.html")}


def test_every_page_is_there(site: Path) -> None:
    """Each Markdown file of docs is a page of the site, and examples are none."""
    sources = {path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md")}
    assert {path.relative_to(site) for path in site.rglob("*.html")} == sources | {Path("search.html")}


def test_every_page_can_be_reached(site: Path, pages: dict[Path, Page]) -> None:
    """The navigation of the first page leads to every other."""
    reached = {(site / unquote(link.partition("#")[0])).resolve() for link in pages[site / "index.html"].links}
    assert reached >= {file.resolve() for file in pages} - {site / "search.html", site / "index.html"}


def test_links_lead_somewhere(pages: dict[Path, Page]) -> None:
    """Each link within the site has a file, and a place in it, at its end."""
    for file, page in pages.items():
        for link in page.links:
            name, _, place = link.partition("#")
            if link.startswith((*FAR, "mailto:")):
                continue
            target = (file.parent / unquote(name)).resolve() if name else file
            assert target.is_file(), f"{file.name}: {link}"
            if place and target in pages:
                assert unquote(place) in pages[target].ids, f"{file.name}: {link}"


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    """Scripts, styles, fonts and pictures are the site's own."""
    loads = [load for page in pages.values() for load in page.loads]
    assert loads
    assert not [load for load in loads if load.startswith(FAR)]
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text("utf-8").replace('"', "").replace("'", "")


def test_it_fits_a_telephone(site: Path, pages: dict[Path, Page], browser: Any) -> None:
    """At 400 pixels no page is wider than the screen: what is wider, code and tables, scrolls by itself."""
    visit = browser.new_page(viewport={"width": 400, "height": 800})
    wide = {}
    for file in pages:
        visit.goto(file.as_uri())
        wide[file.relative_to(site)] = visit.evaluate("document.documentElement.scrollWidth")
    assert {file: width for file, width in wide.items() if width > 400} == {}


def test_search_finds(site: Path, browser: Any) -> None:
    """Searching works from disk, and asks nobody else."""
    visit = browser.new_page()
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    visit.goto(f"{(site / 'search.html').as_uri()}?q=semaphore")
    visit.wait_for_selector("#search-results li a", timeout=20_000)
    assert "ran-in-batches" in visit.inner_text("#search-results")
    assert not [url for url in asked if url.startswith(FAR)]
