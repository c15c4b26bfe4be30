"""A trace as one HTML file that needs nothing else: its chart to zoom into, what was found, the lines that took time.

It finds nothing itself and writes no file. The page asks nobody for anything (its Content-Security-Policy forbids it),
shows the chart without its script too, and everything of the learner's passes through `harmless` and is escaped.
Templates are `string.Template`s: whoever runs a program of their own has no template engine.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from grader.diagnosis.model import Diagnosis
from grader.reports import harmless
from grader.tracing import drawing, listing, svg, telling
from grader.tracing.embedded import Data
from grader.tracing.findings import findings
from grader.tracing.layout import Layout, arrange
from grader.tracing.trace import Trace

_WIDTH: Final = 836  # of the chart that stands there without a script


def render(trace: Trace) -> str:
    """Return *trace* as an HTML document."""
    layout, data = arrange(trace, _WIDTH), Data(trace)
    seen = findings(trace)
    listed = _findings(seen, trace, data)
    sources = listing.render(trace, data)
    content = data.json()
    style = f"{svg.style()}\n{_source('page.css')}"
    script = f"{_source('chart.js')}\n{_source('input.js')}".strip() if data.rows else ""
    return Template(_source("trace.html")).substitute(
        title=_text(telling.basename(trace.script), 120),
        style=style,
        script=script,
        script_hash=f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        summary=_text(telling.summary(trace, layout.peak)),
        clock=_text(trace.clock, 20),
        python=_text(trace.python, 20),
        notes=_notes(trace, data),
        chart=_chart(trace, layout) if layout.rows else "",
        findings=listed,
        sources=sources,
        data=content,
    )


@lru_cache
def _source(name: str) -> str:
    return Path(__file__).with_name("templates").joinpath(name).read_text("utf-8")


def _text(text: str, limit: int = 300) -> str:
    return escape(harmless.line(text, limit))


def _prose(text: str, limit: int = 600) -> str:
    """Return *text* escaped, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(harmless.prose(text, limit)))


def _notes(trace: Trace, data: Data) -> str:
    """Return what the reader has to know about the picture, as a list."""
    notes = list(filter(None, (telling.ended(trace), *telling.notes(trace))))
    if len(data.rows) < len(trace.tasks):
        notes.append(
            f"{len(data.rows):,} of {len(trace.tasks):,} tasks are drawn: "
            "those that made others, some that stand out, and an even choice of the rest."
        )
    if data.crowded:
        notes.append("Some tasks waited more often than can be drawn: neighbouring waits are drawn as one.")
    return f'<ul class="notes">{"".join(f"<li>{_prose(note)}" for note in notes)}</ul>' if notes else ""


def _chart(trace: Trace, layout: Layout) -> str:
    high = drawing.height(layout)
    words = telling.summary(trace, layout.peak, len(layout.rows))
    still = (
        f'<svg viewBox="0 0 {_WIDTH} {high:.5g}" role="img"><title>Timeline</title><desc>{_text(words)}</desc>'
        f"{drawing.chart(layout, f'({trace.clock})')}</svg>"
    )
    return Template(_source("chart.html")).substitute(
        definitions=drawing.DEFINITIONS, still=still, legend=_legend(layout), label=_text(f"Timeline. {words}")
    )


def _legend(layout: Layout) -> str:
    outcomes = dict.fromkeys(place.row.task.outcome for place in layout.rows)
    entries = [(24, drawing.swatch(state, 2, 3), words) for state, words in drawing.legend(layout)]
    entries += [(16, drawing.sign(outcome, 8, 8), telling.OUTCOMES[outcome]) for outcome in outcomes]
    return "".join(
        f'<li><svg width="{wide}" height="16" aria-hidden="true">{body}</svg>{words}' for wide, body, words in entries
    )


def _findings(seen: tuple[Diagnosis, ...], trace: Trace, data: Data) -> str:
    if not seen:
        return ""
    items = "".join(_finding(found, trace, data) for found in seen)
    return f'<section aria-labelledby="seen"><h2 id="seen">What can be seen in it</h2><ol>{items}</ol></section>'


def _finding(found: Diagnosis, trace: Trace, data: Data) -> str:
    parts = [f"<h3>{_text(telling.sentence(found.title))}</h3><p>{_prose(telling.sentence(found.seen))}</p>"]
    if found.line is not None:
        mark = f": {_prose(found.mark)}" if found.mark else ""
        parts.append(
            f'<code class="line">{_text(trace.text(found.line))}</code><p class="soft small">{_text(found.line.file)}, '
            f"line {found.line.number}{mark} {listing.button(found.line, data, 'Show in the picture')}</p>"
        )
    if found.hint:
        parts.append(f"<p><b>Try:</b> {_prose(found.hint)}</p>")
    return f"<li>{''.join(parts)}"
