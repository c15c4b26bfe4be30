"""The pages beside the work: the list, our solution, what came of checking all, and what the keys do. Rows only."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Final

from grader.learning.progress import Standing
from grader.learning.showing import comparison, entry
from grader.learning.watch.state import State
from grader.reports.rows import Row, Signs

_NARROWEST: Final = 20  # columns to lay texts out in; what is wider than the screen is cut
_HELP: Final = (
    "Each save of the exercise's file is judged: first on a clock that jumps over all waiting and then, if it is "
    "right, once more for real. What passes both is done."
)
_KEYS: Final = (
    ("n", "on to the next exercise, once this one is done"),
    ("h", "a hint, one more each time; progress.txt notes it"),
    ("l", "the list: / searches, Enter goes there, s skips"),
    ("s", "your answer beside ours, once it passes"),
    ("r", "puts the file back as it was given; yours is kept"),
    ("c", "checks every exercise"),
    ("left, right", "other timelines and predictions"),
    ("arrows, PageUp, PageDown", "scroll"),
    ("Enter", "judges again"),
    ("q", "quits; while it judges, other keys do nothing"),
)
_MARKS: Final = {"right": "good", "wrong": "bad"}


def listing(state: State, columns: int, room: int, signs: Signs) -> tuple[int, list[Row]]:
    """Return the exercises that match, and the first one to show, so that the chosen one is in sight."""
    listed = state.listed
    if not listed:
        return 0, [Row("   no exercise has this in its name or subject", "quiet")]
    rows = []
    for place, index in enumerate(listed):
        one, chosen = state.course[index], place == state.listing.cursor
        row = entry(one.number, one.slug, one.about, _standing(state, one.name), (columns - 4, signs))
        rows.append(Row(f" {'>' if chosen else ' '} {row.text}", "chosen" if chosen else row.style))
    first = min(max(state.listing.cursor - room // 2, 0), max(len(rows) - room, 0))
    return first, rows


def _standing(state: State, name: str) -> Standing:
    standing = state.standing(name)
    return replace(standing, passed="now", skipped=False) if state.is_done(name) and not standing.passed else standing


def solution(state: State, columns: int) -> list[Row]:
    """Return the learner's text beside ours."""
    compared = state.compared
    if compared is None:
        return []
    way = compared.ways[compared.shown]
    heads = f"yours: {state.place.slug}.py", "ours" if compared.shown == 0 else f"accepted too: {way}"
    same = [Row(" Yours is the same, word for word.", "good")] if all(pair.same for pair in compared.pairs) else []
    return [
        *same,
        *(Row(f" {row.text}", row.style) for row in comparison(compared.pairs, max(columns - 2, _NARROWEST), heads)),
    ]


def results(state: State, columns: int, signs: Signs) -> list[Row]:
    """Return what came of each exercise that was checked."""
    marks = {"right": signs.good, "wrong": signs.bad, "not started": signs.dot}
    rows = []
    for result in state.results:
        mark = marks.get(result.what, signs.skipped)
        number, _, slug = result.name.partition("_")
        text = f"   {mark:<{max(map(len, marks.values()))}} {number} {slug:<20} {result.words or result.what}"
        rows.append(Row(text[: columns - 1], _MARKS.get(result.what, "quiet")))
    return rows


def progress_line(state: State, signs: Signs) -> str:
    """Return how far checking all is, or what came of it."""
    count = len(state.results)
    if state.checking:
        left = state.course[count:]
        return (
            f" checking {left[0].number} {left[0].slug}, {count + 1} of {len(state.course)} {signs.dots}"
            if left
            else ""
        )
    counted = {what: sum(result.what == what for result in state.results) for what in ("right", "wrong", "not started")}
    others = count - sum(counted.values())
    words = [f"{number} {'not right yet' if what == 'wrong' else what}" for what, number in counted.items() if number]
    return f" {', '.join(words + ([f'{others} could not be judged'] if others else []))}"


def help_page(state: State, columns: int) -> list[Row]:
    """Return what the keys do, and where everything is."""
    width = max(min(columns, 80) - 1, _NARROWEST)
    rows = [Row(f"   {line}") for line in textwrap.wrap(_HELP, width - 3)]
    rows.append(Row(""))
    for key, what in _KEYS:
        rows += [
            Row(line)
            for line in textwrap.wrap(
                f"{key}  {what}", width, initial_indent="   ", subsequent_indent="     ", drop_whitespace=True
            )
        ]
    return [*rows, Row(""), Row(f"   task: {state.place.readme}"), Row(f"   your file: {state.place.file}")]
