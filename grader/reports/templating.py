"""The environment of HTML templates: everything is escaped, and no text reaches a page with its controls in it."""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.reports import harmless, telling


def environment() -> Environment:
    """Return the environment of the templates beside this module, with the filters that several of them use."""
    made = Environment(
        loader=PackageLoader("grader.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    made.filters.update(
        coded=_coded,
        head=telling.head,
        line=harmless.line,
        number=telling.number,
        prose=harmless.prose,
        sentence=telling.sentence,
        unlisted=telling.unlisted,
    )
    made.globals.update(findings=telling.findings, printed=telling.printed)
    return made


def _harmless(value: object) -> object:
    # The last net below the filters of the templates.
    return harmless.block(value, 100_000, 10_000) if isinstance(value, str) and not isinstance(value, Markup) else value


def _coded(text: str) -> Markup:
    """Return *text* escaped, what stands between backticks as code: the grader's own words use them."""
    escaped = str(escape(text))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped))  # noqa: S704 - escaped
