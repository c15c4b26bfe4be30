"""A class as one HTML file that needs nothing else: heat map, misconceptions, and a page for each student.

It computes nothing that `overview` and `telling` do not say, and writes no file. The page asks nobody for anything
(its Content-Security-Policy forbids it), and everything a learner wrote passes through `harmless` and is escaped.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from grader.classbook import Classbook, Similar, Student
from grader.reports import harmless, svg, telling, templating
from grader.reports.overview import Cell, Counting, Distribution
from grader.timeline import Picture

# Of each share of an exercise: how it is painted, and its words.
_SHARES: Final = {
    "full": ("full", "full"),
    "some": ("some", "in part"),
    "none": ("none", "none of the points"),
    "missing": ("missing", "not handed in"),
    "unread": ("unread", "unreadable"),
    "ours": ("fault", "grader faults"),
}
_OUTCOMES: Final = {
    "PASS": "pass",
    "FAIL": "fail",
    "ERROR": "grader fault",
    "NOT RUN": "not run in full",
    "ABSENT": "not handed in",
    "UNREADABLE": "unreadable",
}


def render(book: Classbook) -> Iterator[str]:
    """Yield the page in pieces: the class first, then each student. The results are read twice, in their order."""
    count = Counting(book)
    for item in book.graded:
        count.add(item)
    places = _Places(book)
    pictures = _Pictures()
    environment = _environment(places, pictures)
    style, script = _source(environment, "page.css"), _source(environment, "page.js")
    head = {"style": Markup(f"{svg.STYLE}\n{style}"), "script_hash": _hash(script)}  # noqa: S704 - our own files
    yield environment.get_template("class.html.j2").render(_overview(book, count) | head)
    template = environment.get_template("student.html.j2")
    facts = {
        "last": len(book.students),
        "all": book.points,
        "isolation": book.isolation,
        "titles": {a.exercise: a.title for a in book.assignments},
        "points": {a.exercise: a.points for a in book.assignments},
    }
    for student, items in groupby(book.graded, key=lambda item: item.student):
        yield template.render(
            facts, student=student, graded=tuple(items), number=places.number(student), total=count.total(student)
        )
    yield f"{pictures.sprite()}<script>{script}</script>\n</body>\n</html>\n"


def _overview(book: Classbook, count: Counting) -> dict[str, Any]:
    return {
        "book": book,
        "count": count,
        "misconceptions": count.misconceptions,
        "rows": list(count.rows.items()),
        "points": {a.exercise: a.points for a in book.assignments},
        "bars": [(share, style) for share, (style, _) in _SHARES.items()],
        "faults": [fault for fault in count.faults if fault.ours],
        "unread": [fault for fault in count.faults if not fault.ours],
        "absent": [s for s, cells in count.rows.items() if all(cell.share == "missing" for cell in cells)],
    }


class _Places:
    """Where students and their exercises are on the page. Keys are a learner's to choose, so numbers name places."""

    def __init__(self, book: Classbook) -> None:
        self._students = {student: number for number, student in enumerate(book.students, 1)}
        self._exercises = {a.exercise: number for number, a in enumerate(book.assignments, 1)}

    def number(self, student: Student) -> int:
        return self._students[student]

    def of(self, student: Student, exercise: str = "") -> str:
        return f"s{self._students[student]}" + (f"-{self._exercises[exercise]}" if exercise else "")


class _Pictures:
    """Draws timelines. On the judge's clock the same mistake gives the same picture, so each is kept once."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, int], int] = {}

    def figure(self, picture: Picture, title: str) -> Markup:
        """Return a reference to the drawing of *picture*, with its words."""
        drawn = svg.figure(picture)
        name = self._ids.setdefault((drawn.body, drawn.height), len(self._ids) + 1)
        return Markup(
            '<svg class="tl" viewBox="0 0 {} {}" role="img"><title>{}</title><desc>{}</desc><use href="#p{}"/></svg>'
        ).format(drawn.width, drawn.height, f"Timeline: {harmless.line(title, 160)}", drawn.words, name)

    def sprite(self) -> str:
        """Return the drawings that were referred to."""
        symbols = (
            f'<symbol id="p{name}" viewBox="0 0 {svg.WIDTH} {height}">{body}</symbol>\n'
            for (body, height), name in self._ids.items()
        )
        return f'<svg class="tl" style="display:none" aria-hidden="true">\n{"".join(symbols)}</svg>\n'


def _environment(places: _Places, pictures: _Pictures) -> Environment:
    environment = templating.environment()
    environment.filters.update(
        alike=_alike,
        causes=_causes,
        date=_date,
        mark=_mark,
        outcome=lambda item: _OUTCOMES[item.outcome],
        place=places.of,
        seconds=lambda value: f"{value:.2f}",
        shade=_shade,
        told=_told,
    )
    environment.globals.update(figure=pictures.figure)
    return environment


@lru_cache
def _hash(script: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].strip()


# -- words for the templates -------------------------------------------------------------------------------


def _date(iso: str) -> str:
    return re.sub(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:[\d.]+)?(Z|\+00:00)$", r"\1, \2 UTC", iso)


def _shade(cell: Cell, points: float) -> str:
    if cell.share == "some":
        return "most" if (cell.earned or 0) * 2 >= points else "few"
    return "fault" if cell.share == "ours" else cell.share


def _mark(cell: Cell) -> str | Markup:
    words = {
        "ours": ("!", "grader fault"),
        "missing": (telling.UNKNOWN, "not handed in"),
        "unread": ("?", "unreadable"),
    }
    if cell.share in words:
        sign, text = words[cell.share]
        return Markup('<span aria-hidden="true">{}</span><span class="unseen">{}</span>').format(sign, text)
    return telling.number(cell.earned)


def _causes(cells: Sequence[Cell]) -> str:
    return " ".join(dict.fromkeys(cell.code or _OUTCOMES[cell.outcome] for cell in cells))


def _told(distribution: Distribution) -> str:
    shares = distribution.shares
    return ", ".join(f"{shares[share]} {words}" for share, (_, words) in _SHARES.items() if shares[share])


def _alike(group: Similar) -> str:
    if group.verbatim:
        how = "the same text, but for layout and comments"
    elif group.ratio >= 1:
        how = "the same, but for names, layout and comments"
    else:
        how = f"at least {int(group.ratio * 100)} % the same"
    return f"{how}; many write it this way" if group.usual else how
