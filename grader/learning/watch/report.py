"""What came of a save, as sections of rows: the report, hints, a picture, what was printed. It changes nothing."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from grader.learning.watch.state import DECISIVE, NOT_STARTED, State
from grader.prediction import Prediction
from grader.reports import harmless, predictions, timelines
from grader.reports.columns import fitted, wide
from grader.reports.rows import Row, Signs
from grader.reports.terminal import WIDTH, Style, render
from grader.timeline import Picture
from grader.verdict import FAIL, PASS, ExerciseVerdict, Verdict

_INDENT: Final = "   "
_CODE: Final = "    "  # before a hint's lines of code
_LOWEST: Final = 9  # rows of a picture where the screen is too low for what stands above it
_PRINTED: Final = 4  # rows kept free for what was printed
_MOST_PRINTED: Final = 20
_NARROWEST: Final = 40


class Section(NamedTuple):
    """Rows that belong together; the screen is scrolled to one by its *name*."""

    name: str
    rows: list[Row]


class View(NamedTuple):
    """Something to look at: a timeline or a prediction, of the check called *title*."""

    title: str
    drawn: Picture | Prediction


def sections(state: State, columns: int, room: int, signs: Signs) -> list[Section]:
    """Return what is shown of the present exercise, where there are so many *columns* and rows of *room*."""
    width = max(min(columns, WIDTH) - 1, _NARROWEST)
    found = [Section("report", _report(state, width, signs))]
    hints = [
        Section(f"hint {n}", _hint(n, len(state.hints), text, width))
        for n, text in enumerate(state.hints[: state.told], 1)
    ]
    if state.verdict is None:
        return found + hints
    has_passed = state.verdict.outcome == PASS  # then the picture comes first
    found += [] if has_passed else hints
    printed = _printed(state.verdict)
    left = room - sum(len(section.rows) + 1 for section in found) - (_PRINTED if printed else 0)
    shown = views(state.verdict)
    if shown:
        found.append(
            Section("picture", _picture(state, shown, max(columns - 1, _NARROWEST), max(left, _LOWEST), signs))
        )
    if printed:
        found.append(Section("printed", printed))
    found += hints if has_passed else []
    if state.judging == DECISIVE:  # it is of the save before
        return [Section(section.name, [Row(row.text, "quiet") for row in section.rows]) for section in found]
    return found


# -- the report ------------------------------------------------------------------------------------------------


def _report(state: State, width: int, signs: Signs) -> list[Row]:
    if state.trouble:
        return _said(state.trouble, width, "bad")
    if state.left_out:
        return [
            *_said(f"Left out on this machine: {state.left_out}.", width, "strong"),
            *_said("Its packages are missing: pip install 'onedelay[exercises]', or n goes on.", width),
        ]
    if state.fault:
        return [
            *_said(f"{signs.error} the grader failed, not you", width, "bad"),
            *_said(state.fault, width),
            *_said("Enter tries again; `onedelay doctor` says what works on this machine.", width),
        ]
    if state.verdict is None:
        return _said(state.place.about, width) if state.place.about else [Row("")]
    style = Style(signs, show_printed=False, commands=False, width=width)
    rows = [_outcome(state, width, signs), *render(_shown(state.verdict), style)[1:]]
    if _is_untouched(state.verdict):
        rows += [Row(""), *_begin(state, width)]
    return rows


def _outcome(state: State, width: int, signs: Signs) -> Row:
    """Return the report's headline without the exercise, which stands above; where it is narrow without the points."""
    assert state.verdict is not None
    headline = render(state.verdict, Style(signs, show_printed=False, commands=False))[0]
    words, _, points = headline.text.removeprefix(f"{state.place.number} {state.place.slug}").strip().rpartition("  ")
    room = width - wide(words.rstrip()) - len(points) - 1
    text = f" {words.rstrip()}{' ' * room}{points}" if room > 0 else f" {words.rstrip()}"
    return Row(text, headline.style)


def _shown(verdict: ExerciseVerdict) -> ExerciseVerdict:
    # There is room for a larger picture below, and no command to run again.
    cause = verdict.cause
    if cause is None or cause.diagnosis is None:
        return verdict
    diagnosis = replace(cause.diagnosis, hint="") if cause.diagnosis.code == NOT_STARTED else cause.diagnosis
    return replace(verdict, cause=replace(cause, picture=None, diagnosis=diagnosis))


def _is_untouched(verdict: ExerciseVerdict) -> bool:
    diagnosis = None if verdict.cause is None else verdict.cause.diagnosis
    return diagnosis is not None and diagnosis.code == NOT_STARTED


def _begin(state: State, width: int) -> Iterator[Row]:
    place = state.place
    yield from _said(f"{place.about[:1].upper()}{place.about[1:]}.", width) if place.about else ()
    yield from _said(f"The task is in {place.readme}.", width)
    yield from _said(f"Write your answer in {place.file} and save: each save is judged at once.", width)


def _hint(number: int, of: int, text: str, width: int) -> list[Row]:
    first, _, rest = text.partition("\n")
    rows = _said(f"Hint {number} of {of}: {first}", width, "strong")
    for paragraph in re.split(r"\n\s*\n", rest.strip("\n")):
        lines = paragraph.split("\n")
        if lines[0].startswith(_CODE):
            rows += [Row(part) for line in lines for part in _folded(line.removeprefix(_CODE), width)]
        else:
            rows += _said(" ".join(lines), width)
        rows.append(Row(""))
    return rows[:-1]


def _folded(code: str, width: int) -> Iterator[str]:
    # Of code nothing may be left out.
    room, code = width - len(_INDENT) - 2, harmless.line(code.expandtabs(4))
    for start in range(0, max(len(code), 1), room):
        yield f"{_INDENT}  {code[start : start + room]}"


def _said(text: str, width: int, style: str = "") -> list[Row]:
    text = harmless.line(text, 600)
    return [Row(_INDENT + line, style) for line in textwrap.wrap(text, width - len(_INDENT), break_on_hyphens=False)]


# -- pictures --------------------------------------------------------------------------------------------------


def views(verdict: ExerciseVerdict) -> list[View]:
    """Return what there is to look at, the most telling first: of the failure, or of all that passes."""
    if verdict.outcome == FAIL:
        checks: Sequence[Verdict] = [] if verdict.cause is None else [verdict.cause]
    else:
        checks = verdict.checks if verdict.outcome == PASS else []
    foretold = [View(check.check, check.prediction) for check in checks if check.prediction is not None]
    pictured = sorted((check for check in checks if check.picture is not None), key=_told_by, reverse=True)
    return foretold + [View(check.check, check.picture) for check in pictured if check.picture is not None]


def _told_by(check: Verdict) -> tuple[bool, bool, int]:
    # What is measured is what the exercise is about; and many say more than few.
    assert check.picture is not None
    return check.clock == "virtual", bool(check.measured), len(check.picture.yours)


def _picture(state: State, shown: Sequence[View], width: int, height: int, signs: Signs) -> list[Row]:
    view = shown[state.view % len(shown)]
    which = f"   ({state.view % len(shown) + 1} of {len(shown)}, left/right)" if len(shown) > 1 else ""
    what = "timeline of" if isinstance(view.drawn, Picture) else "prediction in"
    room = max(width - len(f"{_INDENT}{what} '':{which}"), 10)
    title = fitted(view.title, room, in_ascii=signs.bar.isascii())
    head = Row(f"{_INDENT}{what} {title!r}:{which}", "quiet")
    if isinstance(view.drawn, Picture):
        failed = state.verdict is not None and state.verdict.outcome == FAIL
        return [head, *timelines.rows(view.drawn, min(width, 110), height - 1, signs, compared=failed)]
    return [head, *predictions.rows(view.drawn, width, signs)]


def _printed(verdict: ExerciseVerdict) -> list[Row]:
    printing = [check for check in verdict.checks if check.printed.strip()]
    check = next((check for check in printing if check is verdict.cause), printing[0] if printing else None)
    if check is None:
        return []
    lines = harmless.block(check.printed.strip(), 6_000, _MOST_PRINTED).splitlines()
    return [Row(f"{_INDENT}printed in {check.check!r}:", "quiet"), *(Row(f"{_INDENT}  | {line}") for line in lines)]
