"""Near-identical submissions are found whatever was renamed or laid out anew, and honest ones are left in peace."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classbook import Similar, Student
from grader.similarity import similar

ROOT = Path(__file__).parents[1]
NAME = "03_gather_weather"
STUB = (ROOT / "exercises" / NAME / "gather_weather.py").read_text("utf-8")
REFERENCE = (ROOT / "solutions" / NAME / "gather_weather.py").read_text("utf-8")
ACCEPTED = sorted((ROOT / "solutions" / NAME / "accepted").glob("*.py"))
RENAMED = """
import asyncio
import httpx                       # I wrote this myself


async def fetch_weather(places, where):
    async def one(place):
        answer = await session.get(f"{where}/weather/{place}")
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()
        return data

    async with httpx.AsyncClient() as session:
        return await asyncio.gather(
            *(one(place)
              for place in places)
        )
"""


def _class(*sources: str) -> dict[Student, str]:
    return {Student(f"s{number:03}"): source for number, source in enumerate(sources)}


def _keys(groups: tuple[Similar, ...]) -> list[list[str]]:
    return [[student.key for student in group.students] for group in groups]


def _program(number: int) -> str:
    """Return a program unlike the others."""
    draw = random.Random(number)
    lines = [f"    total{n} = {draw.choice('+-*/%').join(['a'] * draw.randint(2, 6))}" for n in range(20)]
    return "\n".join(["def work(a):", *lines])


def test_independent_right_programs_are_left_in_peace() -> None:
    """Of the known right programs of an exercise, each another way to do it, no two are listed."""
    assert similar(NAME, _class(REFERENCE, *(path.read_text("utf-8") for path in ACCEPTED)), STUB) == ()


def test_a_renamed_copy_is_found() -> None:
    """New names, comments, layout, docstrings and imports hide no copy."""
    original = REFERENCE.replace("(cities: Sequence[str], base_url: str) -> list[dict[str, Any]]", "(cities, base_url)")
    original = original.replace("(city: str) -> dict[str, Any]", "(city)")
    assert original.count("Sequence") == 1
    others = [path.read_text("utf-8") for path in ACCEPTED]

    (group,) = similar(NAME, _class(*others[:5], original, *others[5:], RENAMED), STUB)

    assert group == Similar(NAME, (Student("s005"), Student(f"s{len(others) + 1:03}")), 1.0)


def test_a_copy_with_a_line_more_is_found() -> None:
    """A line put in makes it nearly the same, and the ratio says how nearly."""
    longer = REFERENCE.replace("    async with httpx", "    print('hello')\n    async with httpx")

    (group,) = similar(NAME, _class(REFERENCE, longer), STUB)

    assert 0.95 <= group.ratio < 1
    assert not group.verbatim


def test_the_same_text_is_told_apart() -> None:
    """Where not even a name differs, only layout and comments, it is said."""
    spaced = REFERENCE.replace("    # One client", "\n\n    # Mine: one client").replace("(city)", "( city )")

    (group,) = similar(NAME, _class(REFERENCE, spaced), STUB)

    assert group.verbatim


def test_thirty_copies_are_one_group() -> None:
    """Thirty of the same are a group, not 435 pairs."""
    groups = similar(NAME, _class(*[REFERENCE] * 30, *(path.read_text("utf-8") for path in ACCEPTED)), STUB)

    assert [len(group.students) for group in groups] == [30]
    assert groups[0].verbatim


def test_the_usual_way_is_said_to_be_usual() -> None:
    """Where much of the class has one structure with names of their own, it is listed once, last, as usual."""
    usual = [re.sub(r"\bcity\b", f"city{number}", REFERENCE) for number in range(12)]
    others = [path.read_text("utf-8") for path in ACCEPTED]

    groups = similar(NAME, _class(*usual, usual[0], *others), STUB)

    assert _keys(groups) == [["s000", "s012"], [f"s{number:03}" for number in range(13)]]
    assert [(group.verbatim, group.usual) for group in groups] == [(True, False), (False, True)]


@pytest.mark.parametrize("source", [STUB, "", "def fetch_weather(cities, url):\n    return None\n", STUB + "\nx = 1\n"])
def test_what_is_short_or_the_stub_says_nothing(source: str) -> None:
    """Untouched stubs and programs of a line or two are not listed."""
    assert similar(NAME, _class(source, source, source), STUB) == ()


def test_the_list_is_bounded() -> None:
    """However many pairs there are, at most 25 groups are listed, and a thousand programs are compared."""
    sources = [_program(number) for number in range(500)] * 2

    groups = similar(NAME, _class(*sources), "")

    assert 1 <= len(groups) <= 25


BROKEN = [
    "def f(:\n",
    "x = '''",
    "\0\0",
    "(" * 5000,
    "    x\n  y\n z",
    "\ud800 = 1",
    "x" * 300_000,
    "f'{",
    "\\",
    "\r\r\x0c",
]


def test_broken_files_are_compared_as_far_as_they_go() -> None:
    """A file that Python cannot read hurts nobody, and a copy of it is found by its readable part."""
    broken = REFERENCE + "\nprint((("

    assert _keys(similar(NAME, _class(*BROKEN, broken, broken), STUB)) == [["s010", "s011"]]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=[]), max_size=80) | st.text("'\"\\\n\t ()[]{}f#:x=", max_size=80),
        max_size=4,
    )
)
def test_any_text(sources: list[str]) -> None:
    """Whatever is handed in, the comparison ends without an error."""
    similar(NAME, _class(*sources, *sources), STUB)
