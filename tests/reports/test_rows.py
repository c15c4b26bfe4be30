"""Text is wrapped to the width there is, and code in it is left alone."""

from __future__ import annotations

from grader.reports.rows import wrapped


def lines(text: str, width: int) -> list[str]:
    return [row.text for row in wrapped(text, width)]


def test_a_paragraph_is_filled_anew() -> None:
    """However it was broken before; an empty line ends it."""
    assert lines("one two\nthree four\n\nfive", 9) == ["one two", "three", "four", "", "five"]


def test_code_stays_as_it_is() -> None:
    """Though it is wider."""
    assert lines("so:\n    answer = await everything()\nand on", 12) == [
        "so:",
        "    answer = await everything()",
        "and on",
    ]


def test_items_hang() -> None:
    """Below their first word, and each begins a line."""
    assert lines("- one two three\n- four\n10. five six", 9) == [
        "- one two",
        "  three",
        "- four",
        "10. five",
        "    six",
    ]


def test_no_line_is_too_wide_to_read() -> None:
    """On however wide a terminal; an empty text is no line."""
    assert max(map(len, lines("word " * 100, 160))) <= 100
    assert lines("", 80) == []
