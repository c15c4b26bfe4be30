"""Stub and reference solution as one cell, of which nbgrader's ClearSolutions leaves the stub. It runs nothing.

Both are the exercise's own files. The solution comes after the stub and defines its names again, so that the whole cell
is right too. A stub that ends as a program is parted there: the solution stands before its ``if __name__ == …`` block,
and the reference's own block ends the program before the stub's is reached.
"""

from __future__ import annotations

import ast
import re
import textwrap
from typing import Final

_BEGIN: Final = "### BEGIN SOLUTION"
_END: Final = "### END SOLUTION"
_NOTICE: Final = "# The reference solution: it comes after the stub, and so replaces it."
_FUTURE: Final = re.compile(r"^from __future__ import .*\n+", re.MULTILINE)


def compose(stub: str, reference: str) -> str:
    """Return the source of the cell."""
    head, guard, program = _parted(stub)
    solved, _, ending = _parted(_FUTURE.sub("", _without_docstring(reference)))
    text = f"{head}\n\n{_BEGIN}\n{_NOTICE}\n{solved}\n{_END}"
    if not guard:
        return text
    if "NotImplementedError" in program:
        program = f"{_BEGIN}\n{ending}\nraise SystemExit\n{_END}\n{program}"
    return f"{text}\n\n\n{guard}\n{textwrap.indent(program, '    ')}"


def _without_docstring(text: str) -> str:
    tree = ast.parse(text)
    if ast.get_docstring(tree) is None:
        return text
    return "\n".join(text.split("\n")[tree.body[0].end_lineno :])


def _parted(text: str) -> tuple[str, str, str]:
    """Return what comes before the block that runs as a program, its first line, and its body, dedented."""
    last = ast.parse(text).body[-1]
    if not (isinstance(last, ast.If) and "__name__" in ast.unparse(last.test)):
        return text.strip(), "", ""
    lines = text.rstrip().split("\n")
    body = textwrap.dedent("\n".join(lines[last.lineno :]))
    return "\n".join(lines[: last.lineno - 1]).strip(), lines[last.lineno - 1], body
