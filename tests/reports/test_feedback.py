"""What a student is told: everything of theirs, nothing hidden, and nothing they wrote becomes Markdown or HTML."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.classbook import Assignment, Classbook, Graded, Student
from grader.diagnosis.model import Diagnosis
from grader.reports import harmless
from grader.reports.feedback import escape, render
from grader.timeline import Line
from grader.verdict import ERROR, FAIL, PASS, ExerciseVerdict, Verdict, fold

GOLDEN = Path(__file__).with_name("golden")
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def _feedback(book: Classbook, number: int) -> str:
    student = book.students[number - 1]
    items = {item.exercise: item for item in book.graded if item.student == student}
    return render(student, items, book.assignments)


@pytest.mark.parametrize("number", [3, 5, 9, 18, 22])
def test_feedback(a_class: Classbook, number: int) -> None:
    """Feedback looks as it did. To renew a picture, delete it, run this twice, and read it."""
    text = _feedback(a_class, number)
    golden = GOLDEN / f"feedback-{number}.md"
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} is new: read it, and run again")

    assert text == golden.read_text("utf-8")


def test_it_says_what_was_seen_where_why_and_what_to_try(a_class: Classbook) -> None:
    """A failure has its diagnosis, its line, what that does, both timelines, and the next step, in this order."""
    text = _feedback(a_class, 5)
    parts = [
        "## 11 cook dishes: 2 of 8 points",
        "**Ran one after another.** 2 calls took 4 delays",
        "In ran-sequentially.py, line 14:",
        "finished.append(await cook_dish(name, minutes, log, simmer))\n└ this waits for each of the calls",
        "   yours   #1  ▓▓▓▓",
        "   ideal   #1  ▓▓▓▓",
        "Try: start them all first",
        "- ✓ One dish says when it starts and when it is done (1/1)",
    ]
    places = [text.index(part) for part in parts]

    assert places == sorted(places)


def test_hidden_checks_are_counted_and_nothing_more(
    a_class: Classbook, graded_file: Callable[[str], ExerciseVerdict], with_hidden: Callable[..., ExerciseVerdict]
) -> None:
    """Of hidden checks a student learns how many pass; no title, line, picture, output or diagnosis of theirs."""
    for file in ("03/gather_weather.py", "03/ran-sequentially.py", "03/syntax-error.py"):
        verdict = with_hidden(graded_file(file))
        item = Graded(a_class.students[0], verdict.exercise, verdict=verdict)
        text = render(a_class.students[0], {verdict.exercise: item}, a_class.assignments)

        assert "Hidden checks: 1 of 2 pass." in text
        assert "secret" not in text.lower()


def test_a_fault_of_ours_is_no_zero(a_class: Classbook) -> None:
    """Where the grader failed, the student has no mark yet, is told whose fault it is, and not what broke."""
    text = _feedback(a_class, 9)

    assert "11 of 24 points. The grader failed at one exercise, which is not counted yet." in text
    assert "## 17 chess exhibition: no mark yet" in text
    assert "The grader failed here, not you." in text
    assert "RuntimeError: the world" not in text


HOSTILE = [
    "</code><script>alert(1)</script>",
    "```\n````\n# heading\n~~~\n",
    "[x](javascript:alert(1)) ![i](https://x.test/i.png) <https://x.test> www.x.test https://x.test",
    "**bold** __b__ ~~s~~ `code` | a | b |\n|---|---|",
    "a`b`c``d",
    "\\`<b>\\\\`",
    "&lt;b&gt; &#60; &amp;",
    "1. one\n- two\n> three\n\n    four\n---\n===",
    "\x1b[31m\0\u202e\u2028\r\n- x",
    "$x$ $$y$$ @all {#id} :tada:",
]


def _with(text: str) -> tuple[Student, Mapping[str, Graded], list[Assignment]]:
    student = Student(text, text, text)
    found = Diagnosis("raised", text, text, Line(text, 1), text, text)
    check = Verdict("03_x", text, "node", FAIL, 1, diagnosis=found, text=text, printed=text, measured=text, checks=2)
    made = {
        "03_x": Graded(student, "03_x", text, fold([check, replace(check, outcome=PASS, left_out=text)])),
        "04_x": Graded(student, "04_x", text, problem=text),
        "05_x": Graded(student, "05_x", text, fold([replace(check, outcome=ERROR, fault=text)])),
    }
    return student, made, [Assignment(name, text, 2) for name in made]


def _every(tokens: list[Token]) -> list[Token]:
    return [below for token in tokens for below in (token, *_every(token.children or []))]


EXPECTED = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "text_special", "fence",
    "strong_open", "strong_close", "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
    "code_inline",
}  # fmt: skip


def _check_that_nothing_came_of(hostile: str) -> None:
    text = render(*_with(hostile))
    text.encode()
    tokens = _every(MARKDOWN.parse(text))
    usual = [token.type for token in _every(MARKDOWN.parse(render(*_with("x")))) if not token.type.startswith("text")]
    kinds = [token.type for token in tokens if not token.type.startswith("text")]

    assert {token.type for token in tokens} <= EXPECTED
    for kind in ("heading_open", "list_item_open", "strong_open", "bullet_list_open"):
        assert kinds.count(kind) == usual.count(kind), kind
    assert kinds.count("fence") in {usual.count("fence"), usual.count("fence") - 1}  # nothing was printed
    controls = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for c in text if unicodedata.category(c) in controls and c not in "\n\u200c\u200d"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_breaks_out_of_nothing(hostile: str) -> None:
    """Whatever a student wrote, the feedback has the structure that it always has, and no HTML."""
    _check_that_nothing_came_of(hostile)


@given(st.text(st.sampled_from("`*_[]<>~|!&#\\\n -+1.=:/xw\t$\x1b\u202e"), min_size=1, max_size=40))
def test_any_text_breaks_out_of_nothing(hostile: str) -> None:
    """The same, whatever the text is."""
    _check_that_nothing_came_of(f"x{hostile}x")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_escaped_text_reads_as_it_was(hostile: str) -> None:
    """What is escaped is shown as it was written, on one line."""
    shown = "".join(token.content for token in _every(MARKDOWN.parse(f"x{escape(hostile)}")) if "text" in token.type)

    assert shown == f"x{harmless.line(hostile).strip()}"
