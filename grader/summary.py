"""The end of a pytest run: verdicts to the terminal and to files, as the options ask."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from grader.reports import terminal
from grader.reports.console import signs_for
from grader.verdict import ExerciseVerdict, fold, from_data

_MARKUP: Final = {
    "good": {"green": True, "bold": True},
    "bad": {"red": True, "bold": True},
    "quiet": {"light": True},
    "strong": {"bold": True},
    "": {},
}
_NARROWEST: Final = 40  # columns
_DEFAULT_FILE: Final = "onedelay-report.json"


def fold_all(data: list[dict[str, Any]]) -> list[ExerciseVerdict]:
    """Return the verdict of each exercise, and submission, from the data of those of its checks."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for item in data:
        verdict = from_data(item)
        groups[verdict.exercise, verdict.submission].append(verdict)
    return [fold(group) for _, group in sorted(groups.items())]


def summarise(reporter: Any, config: pytest.Config, verdicts: list[ExerciseVerdict]) -> None:
    """Print one report per exercise, and write the data where ``--report json`` asks for it."""
    style = terminal.Style(
        signs=signs_for(reporter._tw._file),
        every=config.option.verbose >= 2,
        name_file=len(config.option.submission) > 1,
        show_printed=config.option.capture != "no",
        width=max(_NARROWEST, min(terminal.WIDTH, reporter._tw.fullwidth)),
    )
    for verdict in verdicts:
        reporter.write_line("")
        for row in terminal.render(verdict, style):
            reporter.write_line(row.text, **_MARKUP[row.style])
        if style.every:
            _write_predictions(reporter, verdict, style)
    kind, _, file = config.option.report.partition("=")
    if kind == "json":
        reporter.write_line("")
        reporter.write_line(_write_json(Path(file or _DEFAULT_FILE), verdicts))


def _write_predictions(reporter: Any, verdict: ExerciseVerdict, style: terminal.Style) -> None:
    """Print each prediction over what really happened: whoever asks for every check has predicted."""
    from grader.reports import predictions  # noqa: PLC0415 - only where it is asked for

    for check in verdict.checks:
        if check.prediction is not None:
            reporter.write_line("")
            for row in predictions.rows(check.prediction, style.width, style.signs):
                reporter.write_line(row.text, **_MARKUP[row.style])


def _write_json(path: Path, verdicts: list[ExerciseVerdict]) -> str:
    """Write the verdicts; return the line that says so, or why it was not possible."""
    from grader.reports import data  # noqa: PLC0415 - only where it is asked for

    try:
        path.write_text(data.dumps(verdicts), encoding="utf-8")
    except OSError as error:
        return f"verdicts not written to {path}: {error.strerror}"
    return f"verdicts written to {path}"
