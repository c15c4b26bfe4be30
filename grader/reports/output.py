"""The verdict on one exercise as what a notebook's cell puts out: an HTML fragment, and the same as plain text.

The fragment stands on a ground of its own, always white, since a notebook's theme is not known to it. It needs no
script and asks nobody for anything. What students may not see of hidden checks is in neither.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from jinja2 import Template
from markupsafe import Markup

from grader.diagnosis.model import Diagnosis
from grader.reports import feedback, harmless, svg, telling, templating, terminal
from grader.timeline import Picture
from grader.verdict import PASS, ExerciseVerdict, Verdict, fold

FACTS: Final = "onedelay"  # where an output's metadata holds them
_STYLE: Final = terminal.Style(commands=False)


@dataclass(frozen=True)
class Output:
    """What is shown: *html*, and *text* where that cannot be.

    facts: the same as plain data, for what reads outputs: ``checks``, and ``told``, paragraphs of Markdown.
    """

    html: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def bundle(self) -> tuple[dict[str, str], dict[str, Any]]:
        """The data and the metadata of a cell's output."""
        return {"text/html": self.html, "text/plain": self.text}, {FACTS: self.facts}


def render(checks: Sequence[Verdict], earned: float, points: float) -> Output:
    """Return what is shown of those of an exercise's *checks* that are open, which earn *earned* of *points*."""
    shown = _open(checks)
    rows = terminal.render(shown, _STYLE)
    passed = shown.outcome == PASS
    html = _template().render(v=shown, earned=earned, points=points, figure=_figure, passed=passed)
    return Output(html, "\n".join(row.text for row in rows), _facts(shown))


def _open(checks: Sequence[Verdict]) -> ExerciseVerdict:
    """Return the verdict of an exercise as if it had no hidden checks."""
    hidden = [check for check in checks if check.hidden]
    fewer, less = len(hidden), sum(check.points for check in hidden)
    shown = telling.shown_to_student(checks)
    return fold(
        [replace(_in_a_notebook(check), checks=check.checks - fewer, total=check.total - less) for check in shown]
    )


def _in_a_notebook(check: Verdict) -> Verdict:
    # The one hint that speaks of a command.
    diagnosis = check.diagnosis
    if diagnosis is None:
        return check
    hint = diagnosis.hint.replace("run the same command again", "run the answer cell and this one again")
    return replace(check, diagnosis=replace(diagnosis, hint=hint))


def _facts(verdict: ExerciseVerdict) -> dict[str, Any]:
    told = [
        f"{telling.sentence(feedback.words(shown.title))}. {feedback.words(shown.seen)}" for shown in _causes(verdict)
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


def render_hidden(checks: Sequence[Verdict]) -> Output:
    """Return what is shown of those of an exercise's *checks* that are hidden: how many of them pass."""
    checks = [check for check in checks if check.hidden]
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
    """Return the timeline as an image: JupyterLab shows one in a notebook that it does not trust, unlike inline SVG."""
    drawn = svg.figure(picture, "yours")
    document = svg.document(drawn, title, on_white=True)
    words = f"Timeline: {harmless.line(title, 160)}. {drawn.words}"
    frame = Markup('<img alt="{}" width="{}" src="data:image/svg+xml;base64,{}">')
    return frame.format(words, drawn.width, base64.b64encode(document.encode()).decode())
