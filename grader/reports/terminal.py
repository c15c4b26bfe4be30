"""Verdicts as lines of text for a terminal or a log, by default at most 80 columns wide."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from grader.diagnosis.model import Diagnosis
from grader.reports.rows import UNICODE, Row, Signs
from grader.timeline import Operation, Picture
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS, ExerciseVerdict, Verdict

WIDTH: Final = 80
_INDENT: Final = "   "
_BESIDE_BARS: Final = 24  # columns for what stands before and after a bar
_BESIDE_CHECK: Final = 13  # the same for the name of a check
_CHECK: Final = 58  # columns of such a name, where there is room
_ROWS: Final = 3
_STEERING: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format (bidi), lone surrogates, line and paragraph ends


@dataclass(frozen=True)
class Style:
    """How much to say and with which characters. every: all checks. name_file: the file too.

    commands: what to type next. width: columns, at least 40.
    """

    signs: Signs = UNICODE
    every: bool = False
    show_printed: bool = True
    name_file: bool = False
    commands: bool = True
    width: int = WIDTH


def render(verdict: ExerciseVerdict, style: Style) -> list[Row]:
    """Return the report of one exercise."""
    rows = [_headline(verdict, style)]
    if style.name_file:
        rows.insert(0, Row(_clean(PurePath(verdict.submission).name), "strong"))
    if verdict.outcome == FAIL and verdict.cause is not None:
        rows += _explanation(verdict.cause, style)
    elif verdict.outcome == ERROR and verdict.cause is not None:
        rows += _fault(verdict.cause, style)
    elif verdict.outcome == PASS:
        rows += [row for check in verdict.checks for row in _measured(check, style)]
    if style.every:
        rows += _every_check(verdict, style)
    if style.show_printed:
        rows += _printed(verdict, style)
    rows += _footer(verdict, style)
    return _fitted(rows, style)


def explain(check: Verdict, style: Style) -> list[Row]:
    """Return what a learner is told of one check, without its title and points; nothing when there is no more to say.

    For a failure what was seen, the line and the timeline; for a fault of ours that it is; or the measured time.
    """
    rows: list[Row] = []
    if check.outcome == FAIL:
        rows += _explanation(check, style)
    elif check.outcome == ERROR:
        rows += _fault(check, style)
    elif check.outcome == NOT_RUN:
        why = f"Left out here: {check.left_out}." if check.left_out else "Not run, as another check fails."
        rows += _wrapped(why, style)
    else:
        rows += _measured(check, style)
    if style.show_printed:
        rows += _printed_in(check, style)
    return _fitted(rows, style)


def _headline(verdict: ExerciseVerdict, style: Style) -> Row:
    signs = style.signs
    number, _, slug = verdict.exercise.partition("_")
    marks = {PASS: signs.good, FAIL: signs.bad, ERROR: signs.error, NOT_RUN: signs.skipped}
    styles = {PASS: "good", FAIL: "bad", ERROR: "bad", NOT_RUN: "quiet"}
    title = {PASS: "all checks pass", ERROR: "the grader failed, not you", NOT_RUN: "no check failed"}
    words = title.get(verdict.outcome, "")
    mark = marks[verdict.outcome]
    if verdict.cause is not None and verdict.cause.diagnosis is not None:
        words = verdict.cause.diagnosis.title
        if verdict.cause.diagnosis.code == "not-started":
            mark = signs.dot
    right = f"{verdict.earned:g} of {verdict.points:g} points"
    left = _clean(f"{number} {slug}   {mark}  {words}")
    room = style.width - len(right) - 2
    if len(left) > room:
        left = f"{left[: room - 3].rstrip()}..."
    return Row(f"{left}{' ' * max(2, style.width - len(left) - len(right))}{right}", styles[verdict.outcome])


def _explanation(verdict: Verdict, style: Style) -> Iterator[Row]:
    diagnosis = verdict.diagnosis
    if diagnosis is None:
        return
    yield from _wrapped(diagnosis.seen, style)
    if diagnosis.line is not None:
        yield from _source_line(diagnosis, verdict.text, style)
    if diagnosis.pictured and verdict.picture is not None:
        yield from _picture(verdict.picture, style)
    if diagnosis.hint:
        yield from _wrapped(f"Try: {diagnosis.hint}", style)


def _source_line(diagnosis: Diagnosis, text: str, style: Style) -> Iterator[Row]:
    assert diagnosis.line is not None
    place = f"{_INDENT}{diagnosis.line.file}:{diagnosis.line.number}   "
    shown = _clean(text)
    yield Row(place + shown, "strong")
    if diagnosis.caret:
        yield Row(" " * (len(place) + min(diagnosis.caret, len(shown) + 1) - 1) + "^")
    if diagnosis.mark:
        # Under the code where there is room for it, else from the left.
        column = len(place) if len(place) <= style.width // 2 else len(_INDENT) + 2
        yield from (Row(line) for line in _hang(" " * column + style.signs.corner + " ", diagnosis.mark, style.width))


def _hang(lead: str, text: str, width: int) -> list[str]:
    lines = textwrap.wrap(text, max(width - len(lead), 10)) or [""]
    return [(lead if i == 0 else " " * len(lead)) + line for i, line in enumerate(lines)]


# -- the timelines -----------------------------------------------------------------------------------------


def _picture(picture: Picture, style: Style) -> Iterator[Row]:
    signs, room = style.signs, style.width - _BESIDE_BARS
    span = max([picture.end, *(op.end or 0 for op in picture.yours)]) - picture.start
    span = max(span, 1)
    units = span / picture.delay
    scale = min(room / span, max(1.0, min(8.0, room / max(units, 1))) / picture.delay)
    chosen = _representatives(picture.yours)
    more = len(picture.yours) - len(chosen)
    for label, operations in (("yours", picture.yours), ("ideal", picture.ideal)):
        for place, index in enumerate(chosen):
            head = f"{label if place == 0 else '':<7} #{index + 1:<3}"
            tail = f"  {signs.dots} {more} more" if place == len(chosen) - 1 and more else ""
            yield Row(f"{_INDENT}{head}{_bar(operations[index], picture, scale, style)}{tail}")


def _bar(operation: Operation, picture: Picture, scale: float, style: Style) -> str:
    # What began before the picture (while the file was loaded), or after its end, is cut off.
    start = max(operation.start, picture.start)
    end = picture.end if operation.end is None else operation.end
    room = style.width - _BESIDE_BARS
    before = min(round((start - picture.start) * scale), room - 1)
    return " " * before + style.signs.bar * max(1, min(round((end - start) * scale), room - before))


def _representatives(operations: Sequence[Operation]) -> list[int]:
    """Return which rows to draw: the first of each new starting time, then the first ones, at most three."""
    seen: dict[int, int] = {}
    for index, operation in enumerate(operations):
        seen.setdefault(operation.start, index)
    chosen = sorted(seen.values())[:_ROWS]
    for index in range(len(operations)):
        if len(chosen) >= _ROWS:
            break
        if index not in chosen:
            chosen.append(index)
    return sorted(chosen)


# -- the rest ----------------------------------------------------------------------------------------------


def _fault(verdict: Verdict, style: Style) -> Iterator[Row]:
    yield from _wrapped(f"{verdict.check}: {verdict.fault or 'the check could not be run'}", style)
    yield from _wrapped("This is a fault of the grader or its set-up; it takes no points from you.", style)


def _measured(check: Verdict, style: Style) -> Iterator[Row]:
    if check.clock == "real" and check.measured:
        yield from _wrapped(f"For real: {check.measured}.", style)


def _every_check(verdict: ExerciseVerdict, style: Style) -> Iterator[Row]:
    signs, room = style.signs, min(_CHECK, style.width - _BESIDE_CHECK)
    marks = {PASS: signs.good, FAIL: signs.bad, ERROR: signs.error, NOT_RUN: signs.skipped}
    for check in verdict.checks:
        points = "" if check.left_out else f"{check.earned:g}/{check.points:g}"
        yield Row(
            f"{_INDENT}{marks[check.outcome]} {check.check:<{room}.{room}} {points:>5}",
            "" if check.outcome == PASS else "bad",
        )
        if check.measured:
            yield Row(f"{_INDENT}    {check.measured}", "quiet")
        if check.diagnosis is not None:
            where = f"{check.diagnosis.line.file}:{check.diagnosis.line.number} " if check.diagnosis.line else ""
            yield from (
                Row(line, "quiet")
                for line in _hang(
                    f"{_INDENT}    ", f"{where}{check.diagnosis.code}: {check.diagnosis.seen}", style.width
                )
            )


def _printed(verdict: ExerciseVerdict, style: Style) -> Iterator[Row]:
    checks = [check for check in verdict.checks if check.printed.strip()]
    if not style.every:
        checks = [check for check in checks if check is verdict.cause] or checks[:1]
    for check in checks:
        yield from _printed_in(check, style)


def _printed_in(check: Verdict, style: Style) -> Iterator[Row]:
    lines = _clean(check.printed.strip()).splitlines()
    limit = 20 if style.every else 3
    if lines:
        yield Row(f"{_INDENT}printed in {check.check!r}:", "quiet")
    yield from (Row(f"{_INDENT}  | {line[: style.width - 8]}", "quiet") for line in lines[:limit])
    if len(lines) > limit:
        yield Row(f"{_INDENT}  | {style.signs.dots} {len(lines) - limit} more lines", "quiet")


def _footer(verdict: ExerciseVerdict, style: Style) -> Iterator[Row]:
    number = verdict.exercise.partition("_")[0]
    notes = []
    if verdict.outcome == FAIL:
        others = [c for c in verdict.checks if c.outcome == FAIL and c is not verdict.cause]
        different = len(others) - verdict.same_cause
        if different:
            notes.append(f"{different} more {'check fails' if different == 1 else 'checks fail'} for another reason.")
    if verdict.missing and verdict.outcome != FAIL:
        notes.append(f"{verdict.missing} of its checks did not run.")
    if notes:
        yield from _wrapped(" ".join(notes), style)
    for check in verdict.checks if verdict.outcome != FAIL else ():
        if check.left_out:
            yield from _wrapped(f"Left out here: {check.check} ({check.left_out}).", style)
    if verdict.outcome == FAIL and style.commands and not style.every:
        every, hint = f"pytest exercises/{number} -vv for every check", f"onedelay hint {number}"
        both = f"{_INDENT}{every} {style.signs.dot} {hint}"
        rows = [both] if len(both) <= style.width else [f"{_INDENT}{every}", f"{_INDENT}{hint}"]
        yield from (Row(row, "quiet") for row in rows)


def _wrapped(text: str, style: Style) -> Iterator[Row]:
    for line in textwrap.wrap(_clean(text), style.width - len(_INDENT), break_long_words=True):
        yield Row(_INDENT + line)


def _fitted(rows: Sequence[Row], style: Style) -> list[Row]:
    return [Row(_fit(_clean(row.text.replace("\n", " ")), style.width), row.style) for row in rows]


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."


def _clean(text: str) -> str:
    """Return *text* without what could steer a terminal."""
    text = text.replace("\t", "    ")
    return "".join("?" if c != "\n" and unicodedata.category(c) in _STEERING else c for c in text)
