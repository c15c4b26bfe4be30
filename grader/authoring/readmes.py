"""Writes what is generated in READMEs: the index of exercises, and each picture from the reference's real run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote

from grader.authoring import truths
from grader.exercise import Exercise

BEGIN: Final = "<!-- picture: begin -->"
END: Final = "<!-- picture: end -->"
_BAR: Final = 48  # columns of the longest bar
_DELAY: Final = 16.0  # columns of one delay, where there is room
_ROWS: Final = 8
_NAME: Final = 16
_CHAPTERS: Final = (
    (1, "The first hour"),
    (4, "Coroutines and the loop"),
    (11, "Many things at once"),
    (17, "Sharing and limiting"),
    (22, "Timeouts and cancellation"),
    (25, "Streams, databases, servers"),
    (31, "Threads, processes, and neither"),
    (36, "Diagnosis"),
)


def index(exercises: Sequence[Exercise]) -> str:
    """Return the text of ``exercises/README.md``."""
    lines = [
        "# The exercises",
        "",
        "<!-- Written by `onedelay refresh`; change the exercises' own READMEs and stubs. -->",
        "",
        "Work through them in order: each adds one idea and uses only earlier ones. Open an exercise's folder, read",
        "its `README.md`, write your code in the file with the name of the exercise, and run `pytest exercises/NN`.",
        "A number that is missing is an exercise to come.",
    ]
    for place, (first, title) in enumerate(_CHAPTERS):
        last = _CHAPTERS[place + 1][0] if place + 1 < len(_CHAPTERS) else 100
        chapter = [exercise for exercise in exercises if first <= int(exercise.number) < last]
        if chapter:
            lines += ["", f"## {title}", "", "| | exercise | what it is about |", "|---|---|---|"]
            lines += [_entry(exercise) for exercise in chapter]
    return "\n".join(lines) + "\n"


def _entry(exercise: Exercise) -> str:
    return f"| {exercise.number} | [{exercise.slug}]({exercise.name}/README.md) | {_about(exercise)} |"


def _about(exercise: Exercise) -> str:
    # The first line of the stub, which says it in a few words.
    match = re.search(r'"""\d\d \w+: (.+?)\.?(?:"""|\n)', exercise.stub.read_text("utf-8"))
    if match is None:
        raise LookupError(f'{exercise.stub} does not begin with a line such as "{exercise.number} {exercise.slug}: …"')
    text = match[1][0].upper() + match[1][1:].replace("|", "\\|")
    return text if text.endswith("?") else f"{text}."


def wants_picture(exercise: Exercise) -> bool:
    """Return whether the exercise's README has a place for a picture."""
    return BEGIN in (exercise.folder / "README.md").read_text("utf-8")


def has_picture(text: str) -> bool:
    """Return whether the place for a picture in a README's *text* is filled."""
    return bool(text.partition(BEGIN)[2].partition(END)[0].strip())


def with_picture(exercise: Exercise) -> tuple[str, bool]:
    """Return the exercise's README with the picture of its reference's run, and whether each run gives the same one."""
    file = exercise.solutions / exercise.stub.name
    reports = truths.grade(exercise, [file])
    if isinstance(reports, str):
        raise LookupError(reports)  # noqa: TRY004 - the text is the reason, not a value of a wrong type
    check = _pictured(reports[file]["checks"])
    if check is None:
        raise LookupError(f"{exercise.name}: nothing in the reference's run takes time, so there is nothing to draw")
    drawing = "\n".join(draw(check["timeline"], real=check["clock"] == "real"))
    before, _, rest = (exercise.folder / "README.md").read_text("utf-8").partition(BEGIN)
    text = f"{before}{BEGIN}\n```text\n{drawing}\n```\n{END}{rest.partition(END)[2]}"
    return text, check["clock"] == "virtual"


def _pictured(checks: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    drawn = [check for check in checks if check["timeline"] is not None]
    drawn.sort(key=lambda check: (check["clock"] == "real", check["measured"] is None))
    return drawn[0] if drawn else None


def draw(timeline: dict[str, Any], *, real: bool) -> list[str]:
    """Return a picture of operations in time as lines of text: a ruler in delays, and a bar for each of a few."""
    rows, delay = timeline["yours"], timeline["delay"]
    span = max(timeline["elapsed"], *(row["end"] for row in rows))
    units = span / delay
    scale = _scale(units)
    columns = max(1, round(units * scale))
    shown = rows if len(rows) <= _ROWS else rows[: _ROWS - 1]
    width = max(len(_label(row, place)) for place, row in enumerate(shown, 1))
    words = "about " if real else ""
    unit = "delay" if round(units, 3) == 1 else "delays"
    lines = [f"{'':<{width}}  |{'-' * max(0, columns - 2)}|  {words}{round(units, 1 if real else 3):g} {unit}"]
    for place, row in enumerate(shown, 1):
        start = min(round(row["start"] / delay * scale), columns - 1)
        length = max(1, round((row["end"] - row["start"]) / delay * scale))
        lines.append(f"{_label(row, place):<{width}}  {' ' * start}{'#' * min(length, columns - start)}")
    if len(rows) > len(shown):
        lines.append(f"{'':<{width}}  and {len(rows) - len(shown)} more")
    return lines


def _scale(units: float) -> float:
    return min(_DELAY, _BAR / units) if units > 0 else _DELAY


def _label(row: dict[str, Any], place: int) -> str:
    name = unquote(re.sub(r"^https?://[^/]+", "", row["name"]))
    return f"{name[:_NAME]} {place}" if len(name) <= _NAME else f"{name[: _NAME - 1]}… {place}"
