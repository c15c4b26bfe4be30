"""How the site is built from these pages: ``sphinx-build -W docs build/site``. Without Sphinx they read as well."""  # noqa: INP001

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

project = "One Delay"
author = "The One Delay authors"
project_copyright = author
extensions = ["myst_parser"]
exclude_patterns = ["diagnoses/examples"]
highlight_language = "text"

# A link to a heading works as on a code host; that of a file that is no page (a schema) leads to a copy.
myst_heading_anchors = 3

html_theme = "furo"
html_title = "One Delay"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False

# What stands in the navigation, in groups. Told here, so that the pages hold nothing but Markdown.
_GROUPS: Final = {
    "Learn": ["learn", "diagnoses", "own-diagnoses"],
    "Teach": ["teach", "grading", "grade-with-nbgrader", "exports"],
    "Write": ["write-an-exercise", "design"],
    "Look up": ["command-line"],
}


def _add_contents(_: Any, page: str, source: list[str]) -> None:
    """Add what lies below *page*: the groups, or the page of each diagnosis in the order of their table."""
    if page == "index":
        source[0] += "".join(_contents(pages, caption) for caption, pages in _GROUPS.items())
    if page == "diagnoses":
        source[0] += _contents(dict.fromkeys(re.findall(r"\((diagnoses/[a-z-]+)\.md\)", source[0])))


def _contents(pages: Iterable[str], caption: str = "") -> str:
    lines = ["", "", "```{toctree}", ":hidden:", *([f":caption: {caption}"] if caption else []), "", *pages, "```", ""]
    return "\n".join(lines)


def setup(app: Any) -> None:
    """Let each page be looked at before it is read."""
    app.connect("source-read", _add_contents)
