"""The verdict on one exercise as what a notebook's cell puts out: an HTML fragment, and the same as plain text.

The fragment stands on a ground of its own, always white, since a notebook's theme is not known to it. It needs no
script and asks nobody for anything. What students may not see of hidden checks is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from jinja2 import Template
from markupsafe import Markup

from grader.diagnosis.model import Diagnosis
from grader.reports import harmless, svg, telling, templating, terminal
from grader.timeline import Picture
from grader.verdict import PASS, ExerciseVerdict, Verdict, fold

FACTS: Final = "onedelay"  # where an output's metadata holds them
_STYLE: Final = terminal.Style(commands=False)


@dataclass(frozen=True)
class Output:
    """What is shown: *html*, and *text* where that cannot be. facts: the same as plain data, for what reads outputs."""

    html: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def bundle(self) -> tuple[dict[str, str], dict[str, Any]]:
        """The data and the metadata of a cell's output."""
        return {"text/html": self.html, "text/plain": self.text}, {FACTS: self.facts}


def render(verdict: ExerciseVerdict, earned: float, points: float) -> Output:
    """Return what is shown of the open checks of *verdict*, which earn *earned* of *points*."""
    checks = telling.shown_to_student(verdict.checks)
    shown = fold(checks)
    rows = terminal.render(shown, _STYLE)
    style = Markup(svg.ON_WHITE)  # noqa: S704 - our own
    passed = shown.outcome == PASS
    html = _template().render(v=shown, earned=earned, points=points, style=style, figure=_figure, passed=passed)
    return Output(html, "\n".join(row.text for row in rows), _facts(shown))


def _facts(verdict: ExerciseVerdict) -> dict[str, Any]:
    told = [
        f"{telling.sentence(harmless.prose(shown.title))}. {harmless.prose(shown.seen)}" for shown in _causes(verdict)
    ]
    checks = [
        {
            "check": check.check,
            "outcome": check.outcome,
            "earned": check.earned,
            "points": check.points,
            "diagnosis": "" if check.diagnosis is None else check.diagnosis.code,
        }
        for check in verdict.checks
    ]
    return {
        "told": told or ["All checks pass." if verdict.outcome == PASS else "Not all checks ran."],
        "checks": checks,
    }


def _causes(verdict: ExerciseVerdict) -> list[Diagnosis]:
    found = (finding.check.diagnosis for finding in telling.findings(verdict.checks))
    return [diagnosis for diagnosis in found if diagnosis is not None]


def render_hidden(checks: tuple[Verdict, ...]) -> Output:
    """Return what is shown of hidden checks: how many of them pass."""
    passed = sum(check.outcome == PASS for check in checks)
    text = f"Hidden checks: {passed} of {len(checks)} pass."
    outcomes = [{"outcome": check.outcome, "earned": check.earned, "points": check.points} for check in checks]
    return Output(f"<p>{text}</p>", text, {"told": [text], "checks": outcomes})


def say(title: str, words: str) -> Output:
    """Return a notice of the grader's own *words*, which write code between backticks."""
    html = templating.environment().get_template("notice.html.j2").render(title=title, words=words)
    return Output(html, f"{title}. {words}", {"told": [f"{title}."], "checks": []})


@lru_cache
def _template() -> Template:
    return templating.environment().get_template("output.html.j2")


def _figure(picture: Picture, title: str) -> Markup:
    drawn = svg.figure(picture, "yours")
    frame = Markup('<svg class="tl" viewBox="0 0 {} {}" role="img" width="{}"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(
        drawn.width,
        drawn.height,
        drawn.width,
        f"Timeline: {harmless.line(title, 160)}",
        drawn.words,
        Markup(drawn.body),  # noqa: S704 - `svg` escapes what it draws
    )
