"""The documentation says what the code does, and its links lead somewhere on a code host too."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from grader.cli import COMMANDS, parser_of

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "exercises").rglob("*.md"),
]
COMMAND_LINE = ROOT / "docs" / "command-line.md"


def test_readme_shows_the_points_that_there_are() -> None:
    """The README's samples of output have the points of today's exercise."""
    test = (ROOT / "exercises" / "03_gather_weather" / "test_gather_weather.py").read_text("utf-8")
    points = sum(int(n) for n in re.findall(r"points=(\d+)", test)) + test.count("async def test_")
    points -= len(re.findall(r"points=\d+", test))
    points += 1  # test_errors runs for two statuses
    shown = set(re.findall(r"of (\d+) points", (ROOT / "README.md").read_text("utf-8")))
    assert shown == {str(points)}


# -- links ---------------------------------------------------------------------------------------------------


def prose_of(page: Path) -> str:
    """Return the text of *page* without blocks of code and code in a line."""
    text = re.sub(r"^(`{3,}).*?^\1$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", lambda code: re.sub(r"[\[\]()#]", "", code[0]), text)


def places_in(page: Path) -> set[str]:
    """Return the anchors that a code host gives the headings of *page*."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the project leads to one that is there, and to a heading that it has."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if re.match(r"(https?|mailto):", link):
            continue
        name, _, place = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not place or place in places_in(target), link


# -- the command line ----------------------------------------------------------------------------------------


def parsers_below(parser: argparse.ArgumentParser, name: str) -> dict[str, argparse.ArgumentParser]:
    """Return *parser* and those of its own commands, by what is typed."""
    found = {name: parser}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below, its in action.choices.items():
                found |= parsers_below(its, f"{name} {below}")
    return found


def parser_named(name: str) -> argparse.ArgumentParser:
    """Return the parser of ``onedelay NAME``."""
    actions = parser_of([name])._actions
    chosen: argparse.ArgumentParser = next(a for a in actions if isinstance(a, argparse._SubParsersAction)).choices[
        name
    ]
    return chosen


def sections() -> dict[str, str]:
    """Return the sections of docs/command-line.md, command -> text."""
    parts = re.split(r"^### `onedelay ([a-z ]+)`$", COMMAND_LINE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_is_described() -> None:
    """docs/command-line.md has a section for each command, and its exit codes, and for no other."""
    named = {name for name in sections() if " " not in name}
    assert named == set(COMMANDS)
    table = COMMAND_LINE.read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[a-z`, ]+`) \|", table, re.MULTILINE)
    codes = [name for row in rows for name in re.findall(r"`([a-z]+)`", row)]
    assert sorted(codes) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_described(command: str) -> None:
    """A command's section has a row for each of its options and arguments, and none that it does not have."""
    for name, parser in parsers_below(parser_named(command), command).items():
        given = set()
        for action in parser._actions:
            if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
                continue
            choices = "|".join(map(str, action.choices)) if action.choices else ""
            named = action.metavar if isinstance(action.metavar, str) else choices or action.dest
            given.add(action.option_strings[-1] if action.option_strings else named)
        described = re.findall(r"^\| `([^` ]+)[^`]*` \|", sections().get(name, "").replace("\\|", "|"), re.MULTILINE)
        assert sorted(described) == sorted(given), f"the section of {name}"
