"""Results and exceptions on their way from the candidate, the nastiest included."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from grader.evidence import Broken, Raised

if TYPE_CHECKING:
    from tests.candidate.conftest import Programs


def test_values_travel(programs: Programs) -> None:
    """Arguments and results keep their types and sizes."""
    value = [None, True, -(1 << 70), 1.5, "naïve ☃ \udc80", b"\x00\xff", (1, [2]), {"a": {1: (2,)}}, {(1, 2): "x"}]

    outcome = programs("async def main(value): return value", value)

    assert outcome.value == value


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("async def inner(): pass\nasync def main(): return inner()", "coroutine"),
        ("import asyncio\nasync def main(): return asyncio.get_running_loop().create_future()", "future"),
        ("async def main(): return (x for x in [])", "generator"),
        ("async def main(): return main", "function"),
        ("async def main(): return object()", "object"),
    ],
)
def test_what_is_no_plain_data(programs: Programs, source: str, kind: str) -> None:
    """What is no plain data comes back as an opaque value that names its kind."""
    assert programs(source).value.kind == kind


NASTY_RESULTS = {
    "a mock of a list": "from unittest.mock import MagicMock\nasync def main(): return MagicMock(spec=list)",
    "an object whose repr raises": """
        class Nasty:
            def __repr__(self):
                raise KeyError

        async def main():
            return Nasty()
    """,
    "an object without a class": """
        class Nasty:
            @property
            def __class__(self):
                raise KeyError

        async def main():
            return [Nasty()]
    """,
    "more than can be sent": "async def main(): return list(range(300_000))",
    "a string longer than a frame": "async def main(): return 'x' * 20_000_000",
    "a cycle of a hundred": """
        async def main():
            cycle = []
            cycle.extend([cycle] * 100)
            return cycle
    """,
}


@pytest.mark.parametrize("name", NASTY_RESULTS)
def test_nasty_results(programs: Programs, name: str) -> None:
    """A result that cannot be sent as it is comes back as something, in little time."""
    assert programs(NASTY_RESULTS[name]).value is not None


NASTY_ERRORS = {
    "its message raises": """
        class Nasty(Exception):
            def __str__(self):
                raise KeyError
    """,
    "its message is no text": """
        class Nasty(Exception):
            def __str__(self):
                return 1
    """,
    "its message is a lying text": """
        class Text(str):
            def __getitem__(self, place):
                return object()

        class Nasty(Exception):
            def __str__(self):
                return Text("x")
    """,
    "its traceback raises": """
        class Nasty(Exception):
            @property
            def __traceback__(self):
                raise KeyError
    """,
    "its class is no text": """
        class Nasty(Exception):
            __module__ = 1
            __qualname__ = "x" * 1_000_000
    """,
    "its group is none": """
        class Nasty(ExceptionGroup):
            def __new__(cls):
                return super().__new__(cls, "group", [ValueError()])

            @property
            def exceptions(self):
                raise KeyError
    """,
    "it contains itself": """
        class Nasty(ExceptionGroup):
            def __new__(cls):
                return super().__new__(cls, "group", [ValueError()])

            @property
            def exceptions(self):
                return [self, self, self, self, self]
    """,
    "it has a very long message": """
        class Nasty(Exception):
            def __str__(self):
                return "x" * 20_000_000
    """,
}


@pytest.mark.parametrize("kind", ["async", "plain"])
@pytest.mark.parametrize("name", NASTY_ERRORS)
def test_nasty_errors(programs: Programs, name: str, kind: str) -> None:
    """An exception that resists being described is the learner's like any other."""
    definition = "async def main()" if kind == "async" else "def main()"
    source = f"{textwrap.dedent(NASTY_ERRORS[name])}\n{definition}:\n    raise Nasty()\n"
    outcome = programs.fails(source, functions={"main": kind})

    assert isinstance(outcome.failure, Raised)
    assert outcome.diagnosis.code == "raised"


@pytest.mark.parametrize("name", NASTY_ERRORS)
def test_nasty_errors_at_import(programs: Programs, name: str) -> None:
    """So it is while the file is loaded."""
    outcome = programs.fails(f"{textwrap.dedent(NASTY_ERRORS[name])}\nraise Nasty()\n")

    assert isinstance(outcome.failure, Broken)
