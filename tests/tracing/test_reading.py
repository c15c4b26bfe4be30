"""What a program's text says about awaits in a row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.tracing.reading import site


def at(text: str, needle: str = "await") -> object:
    lines = tuple(text.splitlines())
    number = next(place for place, line in enumerate(lines, 1) if needle in line)
    return site(lines, number)


LOOP = """
async def main():
    for url in urls:
        print(url)
        page = await fetch(url)
"""


def test_all_awaits_of_a_loop_have_one_site_named_after_what_is_called() -> None:
    found = site(tuple(LOOP.splitlines()), 5)
    assert found is not None
    assert (found.line, found.calls, found.loop) == (5, "fetch", True)


def test_a_loop_in_a_function_of_its_own_is_not_the_loop_that_calls_it() -> None:
    assert at("for n in x:\n    async def work():\n        await fetch(n)\n") is None


def test_what_a_loop_goes_through_is_awaited_once() -> None:
    assert at("async def f():\n    for item in await fetch(1):\n        print(item)\n") is None


def test_a_nested_loop_counts_by_itself() -> None:
    assert at("async def f():\n    while True:\n        for n in x:\n            await fetch(n)\n") is not None


def test_a_break_of_an_inner_loop_does_not_end_the_outer() -> None:
    text = "async def f():\n    for n in x:\n        for m in n:\n            break\n        await fetch(n)\n"
    assert at(text) is not None


def test_rows_end_where_something_is_decided() -> None:
    decided = "async def f():\n    await a(1)\n    if x:\n        return\n    await a(2)\n"
    plain = "async def f():\n    await a(1)\n    y = 3\n    await a(2)\n"
    assert at(decided) is None
    assert at(plain) is not None


def test_methods_in_a_row_may_depend_on_their_object() -> None:
    assert at("async def f():\n    await robot.move(1)\n    await robot.move(2)\n") is None


def test_lines_without_an_await_and_files_that_are_no_python_have_no_site() -> None:
    assert site(("x = 1",), 1) is None
    assert site(("def f(:",), 1) is None
    assert site((), 1) is None


@given(
    st.lists(st.sampled_from([*LOOP.splitlines(), "    while x:", "        break", "    [await f(n) for n in x]", ")"]))
)
def test_no_text_is_too_strange_to_be_read(lines: list[str]) -> None:
    for number in range(len(lines) + 2):
        site(tuple(lines), number)
