"""The end of a pytest run: verdicts to the terminal and to files, as the options ask."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from grader.reports import terminal
from grader.verdict import ExerciseVerdict, fold, from_data

_MARKUP: Final = {
    "good": {"green": True, "bold": True},
    "bad": {"red": True, "bold": True},
    "quiet": {"light": True},
    "strong": {"bold": True},
    "": {},
}
_DEFAULT_FILE: Final = "onedelay-report.json"


def summarise(reporter: Any, config: pytest.Config, data: list[dict[str, Any]]) -> None:
    """Print one report per exercise, and write the data where ``--report json`` asks for it."""
    verdicts = _fold_all(data)
    style = terminal.Style(
        signs=terminal.UNICODE if _shows_unicode(reporter) else terminal.ASCII,
        every=config.option.verbose >= 2,
        name_file=len(config.option.submission) > 1,
        show_printed=config.option.capture != "no",
    )
    for verdict in verdicts:
        reporter.write_line("")
        for row in terminal.render(verdict, style):
            reporter.write_line(row.text, **_MARKUP[row.style])
    kind, _, file = config.option.report.partition("=")
    if kind == "json":
        reporter.write_line("")
        reporter.write_line(_write_json(Path(file or _DEFAULT_FILE), verdicts))


def _fold_all(data: list[dict[str, Any]]) -> list[ExerciseVerdict]:
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for item in data:
        verdict = from_data(item)
        groups[verdict.exercise, verdict.submission].append(verdict)
    return [fold(group) for _, group in sorted(groups.items())]


def _write_json(path: Path, verdicts: list[ExerciseVerdict]) -> str:
    """Write the verdicts; return the line that says so, or why it was not possible."""
    from grader.reports import data  # noqa: PLC0415 - only where it is asked for

    try:
        path.write_text(data.dumps(verdicts), encoding="utf-8")
    except OSError as error:
        return f"verdicts not written to {path}: {error.strerror}"
    return f"verdicts written to {path}"


def _shows_unicode(reporter: Any) -> bool:
    encoding = getattr(reporter._tw._file, "encoding", None) or "ascii"
    try:
        "".join(vars(terminal.UNICODE).values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
