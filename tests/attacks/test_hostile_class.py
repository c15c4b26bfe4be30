"""A class that attacks its instructor: archives, names and printed texts, from the folder to every report."""

from __future__ import annotations

import csv
import hashlib
import html.parser
import io
import json
import re
import stat
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from pathlib import Path

import pytest

from grader.batch.worker import measured_here
from grader.judge.isolation.level import CannotIsolateError, Level

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="folders of these names, and the sandbox")

ROOT = Path(__file__).parents[2]
SUBMISSIONS = Path(__file__).parent / "submissions"
RIGHT = (ROOT / "solutions" / "03_gather_weather" / "gather_weather.py").read_bytes()
MAIN = "gather_weather.py"
NAMES = [
    "=cmd|calc",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "<img src=x onerror=alert(1)>",
    "evil\u202efdp",
    "\x1b[2J",
    "`x`|[y](javascript:alert(1))",
    "&amp;\"'",
]
MARKUP = ["printed-markup", "markup-in-an-error", "markup-in-a-result", "markup-in-names", "wire-forged-evidence"]
FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
NUMBER = re.compile(r"-?\d+(\.\d+)?%?")


def packed(members: dict[str, bytes | zipfile.ZipInfo]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(
                content if isinstance(content, zipfile.ZipInfo) else name,
                content if isinstance(content, bytes) else b"/etc/passwd",
            )
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def tarred(*members: tuple[str, bytes, str, bytes]) -> bytes:
    """Return a tar of (name, type, link, content)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, kind, to, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, to, len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


# What the hidden checks ask is known to the program that they call; it must not come back to its author.
SPIES = {
    "prints": b"async def fetch_weather(cities, base_url):\n    print('asked', cities, base_url)\n    return []\n",
    "raises": b"async def fetch_weather(cities, base_url):\n    raise ValueError(f'asked {cities} {base_url}')\n",
    "returns": b"async def fetch_weather(cities, base_url):\n    return [{'asked': [*cities, base_url]}]\n",
    "keeps": b"import sys\nasked = sys.__dict__.setdefault('asked', [])\n"
    b"async def fetch_weather(cities, base_url):\n    asked.append((list(cities), base_url))\n    print(asked)\n    return []\n",
}
HIDDEN = re.compile(r"Quito|Dakar|Turku|weather\d+\.test|named twice|that was named")
ARCHIVES = {
    "climbs.zip": packed({"../../climbed.py": RIGHT, "/climbed.py": RIGHT, "..\\climbed.py": RIGHT, MAIN: RIGHT}),
    "links.zip": packed({MAIN: link(MAIN), "other.py": RIGHT}),
    "bomb.zip": packed({MAIN: RIGHT, "bomb.py": b"\0" * (400 << 20)}),
    "collides.zip": packed(
        {MAIN: RIGHT, "Gather_Weather.py": b"raise SystemExit(0)", f"./{MAIN}": b"raise SystemExit(0)"}
    ),
    "half.zip": packed({MAIN: RIGHT})[:-40],
    "devices.tar.gz": tarred((MAIN, tarfile.CHRTYPE, "", b""), ("fifo.py", tarfile.FIFOTYPE, "", b"")),
    "links.tar.gz": tarred(
        (MAIN, tarfile.SYMTYPE, "/etc/passwd", b""), ("a.py", tarfile.LNKTYPE, "../../../etc/passwd", b"")
    ),
    "through.tar.gz": tarred(
        ("d", tarfile.SYMTYPE, "..", b""),
        ("d/climbed.py", tarfile.REGTYPE, "", RIGHT),
        (MAIN, tarfile.REGTYPE, "", RIGHT),
    ),
    "nested.zip": packed({"inner.zip": packed({MAIN: RIGHT}), "pytest.ini": b"[pytest]\naddopts = --collect-only\n"}),
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class: right work under hostile names, hostile archives, hostile output, and Ada, who is right."""
    folder = tmp_path_factory.mktemp("hostile") / "class"
    for name in [*NAMES, "ada"]:
        (folder / name).mkdir(parents=True)
        (folder / name / MAIN).write_bytes(RIGHT)
    for name in MARKUP:
        (folder / name).mkdir()
        (folder / name / MAIN).write_bytes((SUBMISSIONS / f"{name}.py").read_bytes())
    for name, content in SPIES.items():
        (folder / name).mkdir()
        (folder / name / MAIN).write_bytes(content)
    for name, content in ARCHIVES.items():
        (folder / name).write_bytes(content)
    (folder / "linked").symlink_to("/etc")
    roster = [
        "key,name,email",
        *(
            f'"{name.replace(chr(34), chr(34) * 2)}","{"".join(name.split(chr(34)))} =1+1","{name[:1]}@x.test"'
            for name in ["ada", *NAMES]
        ),
    ]
    (folder.parent / "roster.csv").write_text("\n".join(roster), "utf-8")
    return folder


def states(folder: Path) -> dict[str, str]:
    """Return what tells whether a file below *folder* has changed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
        found[str(path)] = f"{path.lstat().st_mode} {path.lstat().st_mtime_ns} {content}"
    return found


@pytest.fixture(scope="module")
def graded(handed_in: Path) -> tuple[subprocess.CompletedProcess[bytes], Path, tuple[dict[str, str], dict[str, str]]]:
    """Grade the class as an instructor does."""
    try:
        level = measured_here(Level.FULL, ROOT).level.word
    except CannotIsolateError:
        level = "none"
    out, before = handed_in.parent / "out", states(handed_in)
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(handed_in),
        "--out",
        str(out),
        "--exercise",
        "03",
        "--limit",
        "2",
    ]
    command += ["--isolation", level, "--export", "canvas", "moodle", "gradescope", "junit", "exercism"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=200, check=False)
    return run, out, (before, states(handed_in))


Graded = tuple[subprocess.CompletedProcess[bytes], Path, tuple[dict[str, str], dict[str, str]]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_all_of_it_is_graded(graded: Graded) -> None:
    """Whoever handed in right work has their marks, and each archive that was not read has a line."""
    run, out, _ = graded
    assert run.returncode == 0, run.stderr.decode("utf-8", "replace")
    marks = {row["key"]: row["03_gather_weather"] for row in rows(out / "grades.csv")}
    assert float(marks["ada"]) > 0
    assert marks["printed-markup"] == marks["ada"]
    assert all(float(marks[name] or 0) < float(marks["ada"]) for name in MARKUP[1:])
    told = run.stderr.decode("utf-8", "replace")
    for name in ("bomb.zip", "half.zip", "devices.tar.gz", "links.tar.gz"):
        assert name in told


@pytest.mark.slow
def test_what_was_handed_in_is_as_it_was_and_nothing_lies_elsewhere(graded: Graded) -> None:
    """No file is changed, and none is written but below the folder of results."""
    _, out, (before, after) = graded
    assert before == after
    assert sorted(path.name for path in out.parent.iterdir()) == ["class", "out", "roster.csv"]
    assert not list(out.parent.parent.rglob("climbed.py"))


class Live(html.parser.HTMLParser):
    """Finds what a browser would run or load, and the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        for name, value in attrs:
            outside = name in {"src", "href", "action", "formaction", "xlink:href", "data"} and not (
                value or ""
            ).startswith(("#", "data:image/", "data:,"))
            if (
                name.startswith("on")
                or outside
                or "javascript:" in (value or "").lower()
                and name in {"href", "src", "xlink:href"}
            ):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag in {"iframe", "object", "embed", "base", "img", "form"}:
            self.found.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)


@pytest.mark.slow
def test_the_page_runs_nothing_of_theirs(graded: Graded) -> None:
    """No script, handler, address or element of a student's is alive in it."""
    _, out, _ = graded
    text = (out / "index.html").read_text("utf-8")
    page = Live()
    page.feed(text)
    assert page.found == []
    assert "alert(1)" in text  # it is shown
    assert not [script for script in page.scripts if "alert" in script]


@pytest.mark.slow
def test_no_text_steers_a_screen(graded: Graded) -> None:
    """No escape sequence, no control and no bidi mark in any report, or on the terminal."""
    run, out, _ = graded
    texts = {"stdout": run.stdout, "stderr": run.stderr}
    texts |= {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.suffix in {".html", ".md", ".csv", ".json", ".xml"}
    }
    assert len(texts) > 10
    for name, content in texts.items():
        steering = {
            c
            for c in content.decode("utf-8")
            if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\r\t\ufeff\u200d"
        }
        assert steering == set(), name


@pytest.mark.slow
def test_no_cell_is_a_formula(graded: Graded) -> None:
    """What a spreadsheet would compute is written as a text."""
    _, out, _ = graded
    tables = sorted(out.rglob("*.csv"))
    assert tables
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert NUMBER.fullmatch(cell) or not FORMULA.match(cell), (table.name, cell)


@pytest.mark.slow
def test_feedback_has_no_markup_of_theirs(graded: Graded) -> None:
    """Markdown for a student, which a forge renders, holds no HTML and no link that they chose."""
    _, out, _ = graded
    files = sorted((out / "feedback").glob("*.md"))
    assert len(files) >= len(MARKUP) + len(NAMES)
    for file in files:
        outside_code = re.sub(
            r"(`+).*?\1|^(    |\t).*$|^(```+|~~~+).*?^\3", "", file.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        assert not re.search(
            r"<\s*(script|img|svg|a|iframe)\b|(?<!\\)\]\(\s*javascript:", outside_code, re.IGNORECASE
        ), file.name


@pytest.mark.slow
def test_what_hidden_checks_ask_stays_hidden(graded: Graded) -> None:
    """A program may print, raise, return or keep what it is asked; its author does not get to see it."""
    _, out, _ = graded
    assert HIDDEN.search((out / "class.json").read_text("utf-8"))  # the instructor does
    for name in SPIES:
        assert not HIDDEN.search((out / "feedback" / f"{name}.md").read_text("utf-8")), name
        for kind in ("gradescope", "exercism"):
            (file,) = (out / kind / name).rglob("results.json")
            data = json.loads(file.read_text("utf-8"))
            data["tests"] = [test for test in data["tests"] if test.get("visibility") != "hidden"]
            assert not HIDDEN.search(json.dumps(data, ensure_ascii=False)), (kind, name)
