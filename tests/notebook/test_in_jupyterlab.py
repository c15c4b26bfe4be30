"""A course in the real thing: a student at JupyterLab, an instructor at Formgrader, in a real browser."""

from __future__ import annotations

import base64
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from tests.notebook.lab import Lab, Notebook

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
NAME: Final = "03_gather_weather"
FILE: Final = f"{NAME}.ipynb"
SOLUTIONS: Final = ROOT / "solutions" / NAME
RIGHT: Final = (SOLUTIONS / "gather_weather.py").read_text("utf-8")
WRONG: Final = (SOLUTIONS / "rejected" / "ran-sequentially.py").read_text("utf-8").replace("  # <-- here", "")
SVG: Final = "{http://www.w3.org/2000/svg}"
HANGS: Final = """\
async def fetch_weather(cities, base_url):
    while True:
        pass
"""
ENDS_ITS_PROCESS: Final = """\
import os


async def fetch_weather(cities, base_url):
    os._exit(3)
"""
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without a sandbox since containers run as root, and without what a browser would fetch for itself.
FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NEEDED: Final = {
    "nbgrader": "nbgrader is not installed: pip install 'onedelay[nbgrader]'",
    "playwright": "Playwright is not installed: pip install playwright",
}


@pytest.fixture(scope="module")
def lab() -> Any:
    """Return the module with the server and its pages, where there is what it needs."""
    for package, missing in NEEDED.items():
        if importlib.util.find_spec(package) is None:
            pytest.skip(missing)
    spec = importlib.util.spec_from_file_location("tests_notebook_lab", Path(__file__).with_name("lab.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser(lab: Any) -> Iterator[Any]:
    """Return a browser, where there is one."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Return an empty page; what it shows at the end is in ``last.png``, for whoever asks why a test failed."""
    context = browser.new_context(viewport={"width": 1250, "height": 2400})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    opened.screenshot(path=tmp_path / "last.png")
    context.close()


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run a Python module as a command, which must succeed."""
    whole = [sys.executable, "-m", *command]
    done = subprocess.run(whole, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def course(lab: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a course whose assignment is ready to be handed out."""
    folder: Path = tmp_path_factory.mktemp("course")
    run("grader.cli", "nbgrader", "course", str(folder), "--exercise", "03", cwd=ROOT)
    run("nbgrader", "generate_assignment", NAME, cwd=folder, env=lab.isolated(tmp_path_factory.mktemp("home")))
    return folder


@dataclass(frozen=True)
class Desk:
    """A student's server. It has no course: only what is handed out."""

    lab: Lab
    files: Path
    release: Path

    def fetch(self, folder: str) -> str:
        """Fetch the assignment into a new *folder*; return the path of its notebook."""
        shutil.copytree(self.release, self.files / folder)
        return f"{folder}/{FILE}"


@pytest.fixture(scope="module")
def desk(lab: Any, course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a student's server that is up."""
    files: Path = tmp_path_factory.mktemp("files")
    with lab.running(files, tmp_path_factory.mktemp("home")) as server:
        yield Desk(server, files, course / "release" / NAME)


@pytest.fixture
def opened(lab: Any, page: Any, desk: Desk, tmp_path: Path) -> Callable[[str], Notebook]:
    """Return what fetches the assignment for a student and opens it."""

    def open_for(student: str) -> Notebook:
        notebook: Notebook = lab.Notebook(page, desk.lab, desk.files, desk.fetch(f"{tmp_path.name}-{student}"))
        return notebook

    return open_for


def answer(notebook: Notebook, text: str) -> str:
    """Type *text* as the answer, have it judged, and return what is shown."""
    notebook.write("answer", text)
    notebook.run("answer")
    notebook.run("checks")
    shown: str = notebook.cell("checks").locator(".onedelay").inner_text()
    return shown


def timeline(notebook: Notebook) -> Any:
    """Return the picture, which the browser has been able to draw."""
    picture = notebook.cell("checks").get_by_role("img", name="Timeline: ran one after another")
    picture.wait_for()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    return picture


def drawn_in(picture: Any) -> ET.Element:
    """Return the drawing of a picture that carries it."""
    kind, _, data = picture.get_attribute("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    return ET.fromstring(base64.b64decode(data))


def points(notebook: dict[str, Any], name: str = "") -> float:
    """Return what the cell *name* is worth, or all of them."""
    marked = (cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"])
    return sum(float(cell.get("points", 0)) for cell in marked if name in {"", cell["grade_id"]})


def earned(notebook: dict[str, Any]) -> float:
    """Return what the cell with the checks returned when it was run last."""
    checks = next(cell for cell in notebook["cells"] if cell["id"] == "checks")
    results = [output for output in checks["outputs"] if output["output_type"] == "execute_result"]
    assert len(results) == 1
    return float("".join(results[0]["data"]["text/plain"]))


def test_a_wrong_answer(opened: Callable[[str], Notebook], tmp_path: Path) -> None:
    """It is told in words, at its line in the cell, and in a picture: theirs above the ideal, on one scale.

    Nothing goes to stderr, and what a student tries in another cell may await.
    """
    notebook = opened("ada")

    shown = answer(notebook, WRONG)
    notebook.write("try", "import asyncio\nawait asyncio.sleep(0.01, 'slept well')")
    notebook.run("try")
    notebook.save()
    notebook.page.screenshot(path=tmp_path / "student.png")

    most = points(notebook.saved(), "checks")
    assert "Ran one after another" in shown
    assert f"{earned(notebook.saved()):g} of {most:g} points" in shown
    assert 0 < earned(notebook.saved()) < most
    place = WRONG.splitlines().index('            response = await client.get(f"{base_url}/weather/{city}")') + 1
    assert f"answer cell, line {place}:" in shown
    picture = timeline(notebook)
    heights = {text.text: float(text.attrib["y"]) for text in drawn_in(picture).iter(f"{SVG}text")}
    assert heights["yours"] < heights["ideal"] < heights["delays"]
    frame = picture.bounding_box()
    assert frame["width"] > 400
    assert frame["height"] > 150
    assert notebook.outputs("try").all_inner_texts() == ["'slept well'"]
    assert notebook.errors() == []


def test_a_notebook_from_elsewhere(opened: Callable[[str], Notebook]) -> None:
    """In one that JupyterLab does not trust, such as an instructor opens, the words and the picture are still shown."""
    notebook = opened("ada")
    answer(notebook, WRONG)
    notebook.save()

    changed = notebook.saved()
    changed["metadata"]["of"] = "another machine"
    notebook.file.write_text(json.dumps(changed), "utf-8")
    notebook.open()

    shown = notebook.cell("checks").inner_text()
    assert notebook.cell("checks").locator("style").count() == 0
    assert "Ran one after another" in shown
    timeline(notebook)


def test_validate(opened: Callable[[str], Notebook]) -> None:
    """Validate fails a wrong answer, names the cell with the checks, and passes a right one."""
    notebook = opened("ada")

    answer(notebook, WRONG)
    notebook.save()
    passed, said = notebook.validate()
    assert not passed
    assert f'judge("{NAME}"' in said

    shown = answer(notebook, RIGHT)
    notebook.save()
    assert "All checks pass" in shown
    assert earned(notebook.saved()) == points(notebook.saved(), "checks")
    assert notebook.validate()[0]
    assert notebook.errors() == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(HANGS, "Never ended", id="an endless loop"),
        pytest.param(ENDS_ITS_PROCESS, "Ended the program", id="os._exit"),
    ],
)
def test_what_would_cost_a_kernel(opened: Callable[[str], Notebook], text: str, told: str) -> None:
    """It costs the checks and not the kernel, which keeps what was there before and judges the next answer."""
    notebook = opened("ada")

    notebook.write("try", "kept = 2 + 2")
    notebook.run("try")
    shown = answer(notebook, text)
    notebook.write("try", "kept")
    notebook.run("try")
    notebook.save()

    assert told in shown
    assert "answer cell, line" in shown
    assert earned(notebook.saved()) == 0.0
    assert notebook.outputs("try").all_inner_texts() == ["4"]
    assert "All checks pass" in answer(notebook, RIGHT)
    assert notebook.errors() == []


def test_formgrader(opened: Callable[[str], Notebook], lab: Any, page: Any, course: Path, tmp_path: Path) -> None:
    """What students saved is graded by the button and by the command, and Formgrader shows what both earned."""
    right_or_wrong = {"ada": WRONG, "bob": RIGHT}
    for student, text in right_or_wrong.items():
        notebook = opened(student)
        answer(notebook, text)
        notebook.save()
        shutil.copytree(notebook.file.parent, course / "submitted" / student / NAME)

    (tmp_path / "home").mkdir()
    with lab.running(course, tmp_path / "home") as server:
        formgrader = lab.Formgrader(page, server)
        formgrader.submissions(NAME)
        assert "needs autograding" in formgrader.row("ada").inner_text()
        assert "Successfully autograded" in formgrader.autograde("ada")
        run("nbgrader", "autograde", NAME, "--student=bob", cwd=course, env=server.env)
        formgrader.submissions(NAME)
        rows = {student: formgrader.row(student) for student in right_or_wrong}
        page.screenshot(path=tmp_path / "formgrader.png")
        scores = {student: row.locator("td.score").inner_text() for student, row in rows.items()}
        states = {student: row.locator("td.status").inner_text() for student, row in rows.items()}

    most = points(json.loads((course / "source" / NAME / FILE).read_text("utf-8")))
    hidden = most - points(json.loads((course / "source" / NAME / FILE).read_text("utf-8")), "checks")
    ada = earned(json.loads((course / "submitted" / "ada" / NAME / FILE).read_text("utf-8")))
    assert scores == {"ada": f"{ada + hidden:g} / {most:g}", "bob": f"{most:g} / {most:g}"}
    assert states == {"ada": "graded", "bob": "graded"}
