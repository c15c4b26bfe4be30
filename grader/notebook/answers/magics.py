"""What only a notebook understands in a cell, magics and shell commands, put as Python. It knows no exercise."""

from __future__ import annotations

import re
import textwrap
from typing import Final

from grader.notebook.answers.parsing import MOST_PARSED, parsed

_RUNS_ITS_CELL: Final = re.compile(r"\s*%%(?:time|timeit|capture|prun|debug)\b")
# What a line is made of: comments, strings, brackets, ends. A string that does not end goes on for ever.
_PIECE: Final = re.compile(
    r"#[^\n]*"
    r"|(?P<long>\"\"\"|''')(?:\\.|[^\\])*?(?:(?P=long)|\Z)"
    r"|(?P<short>[\"'])(?:\\.|(?!(?P=short))[^\\\n])*(?P=short)?"
    r"|[(\[{]|[)\]}]|\\\n|\n",
    re.DOTALL,
)
# A magic, a shell command, a question for help, or what a notebook takes for `%pip`.
_NOTEBOOKS_OWN: Final = re.compile(
    r"(?P<indent>[ \t]*)"
    r"(?:(?P<target>[\w.,* \t]+=[ \t]*)?(?P<mark>[%!])|\?|(?:pip3?|conda)[ \t]+\w|(?=[^#'\"\n]*\?[ \t]*(?:\n|\Z)))"
    r"(?P<rest>(?:[^\\\n]|\\.|\\\Z)*)",
    re.DOTALL,
)
_TIMED: Final = re.compile(r"time\s+(?P<statement>\S.*)")


def python_of(text: str) -> str:
    """Return the Python in a cell's *text*, each line where it was; it may still be none.

    What is a notebook's own calls the notebook (`get_ipython`), so that what depends on it can be told.
    """
    above, first, body = _split(text)
    if first.lstrip().startswith("%%"):
        # What times or captures its cell runs it; anything else is another language, or a file.
        text = f"{above}\n{body}" if _RUNS_ITS_CELL.match(first) else ""
    if len(text) > MOST_PARSED or parsed(text) is not None:
        return text
    return _plain(textwrap.dedent(text))


def _split(text: str) -> tuple[str, str, str]:
    """Return the empty lines above, the first line, and the rest."""
    above = text[: len(text) - len(text.lstrip("\n"))]
    first, _, body = text[len(above) :].partition("\n")
    return above, first, body


def _plain(text: str) -> str:
    done, place = [], 0
    while place < len(text):
        own = _NOTEBOOKS_OWN.match(text, place)
        end = own.end() if own else _end_of_line(text, place)
        done.append(_instead(own) if own else text[place:end])
        if end == place:  # nothing but the text's end was found
            break
        place = end
    return "".join(done)


def _instead(own: re.Match[str]) -> str:
    target, lines = own["target"] or "", "\n" * own[0].count("\n")
    timed = _TIMED.fullmatch(own["rest"]) if own["mark"] == "%" else None
    if timed and parsed(timed["statement"]) is not None:
        return f"{own['indent']}{timed['statement']}{lines}"
    if own["indent"]:  # in a function, it may be: nothing is done there, and the rest of it is left alone
        return f"{own['indent']}{f'{target}None' if target else 'pass'}{lines}"
    return f"{target}get_ipython(){lines}"


def _end_of_line(text: str, place: int) -> int:
    """Return where the line that begins at *place* ends, which may be a few lines on: in a string, in brackets."""
    depth = 0
    for piece in _PIECE.finditer(text, place):
        if piece[0] in "([{":
            depth += 1
        elif piece[0] in ")]}":
            depth -= 1
        elif piece[0] == "\n" and depth <= 0:
            return piece.end()
    return len(text)
