"""Text of a learner's is shown as it is, save for what would steer the reader's screen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports.harmless import block, line, prose

ANY = st.text(st.characters(exclude_categories=[]), max_size=200) | st.text(
    "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\u061c\u200b\u200e\u202a\u202e\u2028\u2066\ufeff\ud800 x", max_size=40
)


@given(ANY)
def test_nothing_steers(text: str) -> None:
    """No control, bidirectional or separating character is left, and a line stays one line."""
    for shown in (line(text), block(text).replace("\n", "")):
        steering = [
            c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\u200c\u200d"
        ]
        assert not steering
    assert len(line(text, 50)) <= 50 * len("\\U0010ffff")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("São Paulo", "São Paulo"),
        ("דנה לוי", "דנה לוי"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("nul\0", "nul\\x00"),
        ("two\nlines\t.", "two\\nlines\\t."),
        ("\ud800", "\\ud800"),
        ("\uffff", "\\uffff"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_a_line(text: str, shown: str) -> None:
    """Every letter of every script stays, a control becomes its picture, a bidirectional mark its number."""
    assert line(text) == shown


def test_a_block_is_cut_and_says_so() -> None:
    """A block keeps its lines and indentation, and says how much is missing."""
    assert block("\n  a\r\n\tb\n") == "  a\n    b"
    assert block("x" * 100, limit=10) == "x" * 10 + "\n… 90 more characters"
    assert block("1\n2\n3\n4", lines=2) == "1\n2\n… 4 more characters"


def test_prose_has_blanks_where_lines_end() -> None:
    """A message of several lines becomes one sentence after another."""
    assert prose(" one\n  two\tthree\r\n") == "one two three"
