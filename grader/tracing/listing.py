"""The source of a traced program beside the time that its lines took, as HTML. It reads no file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from grader.reports import harmless
from grader.timeline import Line
from grader.tracing import scale
from grader.tracing.embedded import Data
from grader.tracing.trace import Trace

_WHOLE: Final = (
    150  # lines of a file that is shown from end to end; of a longer one, what is around the lines that took time
)
_AROUND: Final = 4
_GAP: Final = '<tr class="gap"><td colspan="3">⋯</td></tr>'


@dataclass
class Cost:
    """How long tasks waited at a line, all of them added up, how often, and how long it held a loop."""

    waited: int = 0
    times: int = 0
    held: int = 0


def costs(trace: Trace) -> dict[Line, Cost]:
    """Return what each line cost that cost anything."""
    found: defaultdict[Line, Cost] = defaultdict(Cost)
    for task in trace.tasks:
        for pause in task.waits:
            end = trace.end if pause.end is None else pause.end
            if pause.line is not None and end > pause.start:
                found[pause.line].waited += end - pause.start
                found[pause.line].times += 1
    for hold in trace.holds():
        if hold.line is not None:
            found[hold.line].held += hold.length
    return dict(found)


def render(trace: Trace, data: Data) -> str:
    """Return the sources of *trace*, one folded part for each file; nothing when it has none."""
    spent = costs(trace)
    most = max((cost.waited + cost.held for cost in spent.values()), default=0)
    parts = [
        _file(file, trace.source[file], {line: cost for line, cost in spent.items() if line.file == file}, most, data)
        for file in sorted(trace.source)
        if trace.source[file]
    ]
    if not parts:
        return ""
    return (
        '<section aria-labelledby="source"><h2 id="source">Where the time went</h2>'
        '<p class="soft small">Beside each line, how long tasks waited at it, all of them added up.</p>'
        f"{''.join(parts)}</section>"
    )


def _file(file: str, lines: Sequence[str], spent: Mapping[Line, Cost], most: int, data: Data) -> str:
    shown = _shown(len(lines), {line.number for line in spent})
    rows, before = [], 0
    for number in shown:
        if number > before + 1:
            rows.append(_GAP)
        rows.append(_line(Line(file, number), lines[number - 1], spent.get(Line(file, number)), most, data))
        before = number
    if before < len(lines):
        rows.append(_GAP)
    name = escape(harmless.line(file, 200))
    return (
        f'<details open><summary>{name}</summary><div class="wide" tabindex="0" role="region" aria-label="{name}">'
        '<table class="source od"><thead class="unseen"><tr><th>Time<th>Line<th>Source</tr></thead><tbody>\n'
        f"{''.join(rows)}</tbody></table></div></details>"
    )


def _shown(count: int, busy: set[int]) -> list[int]:
    if count <= _WHOLE:
        return list(range(1, count + 1))
    around = {near for number in busy for near in range(number - _AROUND, number + _AROUND + 1)}
    return [number for number in sorted(around) if 1 <= number <= count]


def _line(line: Line, text: str, cost: Cost | None, most: int, data: Data) -> str:
    source = escape(harmless.block(text, 400, 1)) if text.strip() else ""
    place = f' id="line-{data.line(line)}"' if data.shows(line) else ""
    if cost is None:
        return f"<tr{place}><td><td>{line.number}<td><code>{source}</code></tr>\n"
    told = []
    if cost.waited:
        often = f'<span class="more"> in {cost.times:,} waits</span>' if cost.times > 1 else ""
        told.append(f"{scale.words(cost.waited)}{often}")
    if cost.held:
        told.append(f'{scale.words(cost.held)} held<span class="more"> the loop</span>')
    part = (cost.waited + cost.held) / max(most, 1) * 100
    bar = f'<i style="width:{part:.3g}%"{" class=held" if cost.held else ""}></i>'
    return (
        f'<tr class="busy"{place}><td>{", ".join(told)} {button(line, data, "show")}{bar}<td>{line.number}<td>'
        f"<code>{source}</code></tr>\n"
    )


def button(line: Line, data: Data, words: str) -> str:
    """Return a button that lights up the bars of *line*; none where it has no bars."""
    if not data.shows(line):
        return ""
    return (
        f'<button type="button" hidden data-line="{data.line(line)}" aria-pressed="false">{words}'
        f'<span class="unseen"> {escape(harmless.line(line.file, 100))}, line {line.number}</span></button>'
    )
