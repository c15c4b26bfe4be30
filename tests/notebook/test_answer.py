"""Which code of a notebook is the answer: cells in, the text of a file out."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.notebook.answers.answer import Answer, answer_of, sources_of
from grader.timeline import Line

STUB = "async def fetch(name):\n    raise NotImplementedError"
RIGHT = "async def fetch(name):\n    return name"
OLD = "async def fetch(name):\n    return None"


def answered(*cells: str, wanted: tuple[str, ...] = ("fetch",), file: str = "answer.py", stub: str = STUB) -> Answer:
    found = answer_of(cells, wanted, file, stub)
    assert found is not None
    return found


def code_of(*cells: str, wanted: tuple[str, ...] = ("fetch",)) -> str:
    """Return the answer's file without empty lines."""
    return "\n".join(line for line in answered(*cells, wanted=wanted).text.split("\n") if line.strip())


def cell(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


# -- which cell ------------------------------------------------------------------------------------------------


def test_the_cell_that_defines_what_is_asked_for_is_taken_whole() -> None:
    """Constants, helpers and comments of it too."""
    text = f"# mine\nLIMIT = 3\n\n{RIGHT}\n"
    assert answered("print('hello')", text, "1 + 1").text == f"{text}\n"


def test_there_may_be_no_answer() -> None:
    """Nobody is judged by a cell that defines something else."""
    assert answer_of([], ["fetch"], "answer.py") is None
    assert answer_of(["", "x = 1", "fetch(3)", "# def fetch"], ["fetch"], "answer.py") is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([OLD, RIGHT], RIGHT),
        ([RIGHT, STUB], RIGHT),
        ([RIGHT, STUB.replace("\n", "\r\n") + "\r\n\r\n"], RIGHT),
        ([STUB, RIGHT, STUB], RIGHT),
        ([STUB], STUB),
        ([STUB, "print(1)"], STUB),
        ([RIGHT, "[fetch for fetch in 'ab']"], RIGHT),
        ([RIGHT, "from answer import fetch\nawait fetch(1)"], RIGHT),
    ],
)
def test_the_last_version_counts_and_the_stub_only_alone(cells: list[str], expected: str) -> None:
    """The answer cell may be there twice, the second time as it was handed out; a try defines nothing."""
    assert code_of(*cells) == expected


def test_a_later_cell_may_redefine_one_of_two_functions() -> None:
    """The other one stays as it was."""
    both = "def one(): return 1\ndef two(): return 0"
    code = code_of(both, "def two(): return 2", wanted=("one", "two"))
    assert code == f"{both}\ndef two(): return 2"


def test_of_two_functions_one_may_still_be_the_stubs() -> None:
    """It does not take the place of the one that was written, wherever that is."""
    stub = "def one(): ...\ndef two(): ..."
    found = answer_of(["def one(): return 1", stub], ["one", "two"], "answer.py", stub)
    assert found is not None
    assert found.text.split() == f"{stub}\ndef one(): return 1".split()


@pytest.mark.parametrize(
    "definition",
    [
        "if True:\n    async def fetch(name):\n        return name",
        "try:\n    import nothing\nexcept ImportError:\n    def fetch(name): return name",
        "class fetch:\n    pass",
        "fetch = lambda name: name",
        "fetch: object = print",
        "(fetch := print)",
        "from functools import partial as fetch",
        "match 3:\n    case fetch:\n        pass",
        "@str\ndef fetch(): ...",
        "für = 3\ndef fetch(ñ=für): return ñ",
        "def fetch():\n\treturn 1",
        "  def fetch():\n    return 1",
    ],
)
def test_a_definition_may_have_any_form(definition: str) -> None:
    """What binds the name in the cell defines it."""
    assert code_of(definition) == textwrap.dedent(definition)


def test_two_versions_of_a_helper_are_as_the_last_was() -> None:
    """In a notebook the last cell that was run counts."""
    code = code_of("def help(): return 1", "def aid(): return 2", "def fetch(): return aid()", "def aid(): return 3")
    assert code == "def aid(): return 3\ndef fetch(): return aid()"


def handed_in(*counts: int | None) -> list[str]:
    """Return the names of cells in the order in which they count, when they were run so."""
    said = {"answer": {"solution": True}, "checks": {"grade": True}}
    names = ["top", "answer", "checks", "below", "text"]
    kinds = ["code", "markdown", "code", "code", "markdown"]
    return sources_of(
        [
            {
                "cell_type": kind,
                "source": [name[:2], name[2:]],
                "execution_count": count,
                "metadata": {"nbgrader": said.get(name)},
            }
            for name, kind, count in zip(names, kinds, [*counts, None], strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("counts", "order"),
    [
        ((None, None, None, None), "below top answer checks"),  # never run
        ((1, 2, 3, 4), "below top answer checks"),  # run from top to bottom
        ((1, 2, 4, 3), "top answer below checks"),  # the checks judged what is in a cell below them
        ((9, 2, 8, 1), "top below answer checks"),  # and here the answer cell, which was run after it
        ((1, 2, None, 3), "below top answer checks"),  # never judged
    ],
)
def test_what_was_judged_last_counts_most(counts: tuple[int | None, ...], order: str) -> None:
    """The learner may have tried something else since, in a cell of their own, under the same name."""
    assert handed_in(*counts) == order.split()


def test_cells_may_say_anything_of_themselves() -> None:
    """Or nothing."""
    odd = {"cell_type": "code", "source": "3", "metadata": {"nbgrader": {"grade": 1}}, "execution_count": "x"}
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": "1"},
        {"source": "2", "metadata": {"nbgrader": 3}},
        odd,
    ]
    assert sources_of(cells) == ["1", "3"]
    assert sources_of([]) == []


# -- what is taken from other cells ----------------------------------------------------------------------------


def test_imports_helpers_and_constants_of_other_cells_come_with_it() -> None:
    """Those that it refers to, and those that these refer to; nothing else of their cells."""
    code = code_of(
        "import asyncio\nimport os, sys\nfrom json import (\n    dumps,\n)",
        "LIMIT = 3\nOTHER = 4\nTABLE = {}\nTABLE['a'] = LIMIT\nprint('hello')",
        "@staticmethod\ndef helper(x):\n    return dumps(TABLE[x])",
        "async def fetch(name):\n    await asyncio.sleep(1)\n    return helper(name)",
    )
    assert code == cell("""
        import asyncio
        from json import (
            dumps,
        )
        LIMIT = 3
        TABLE = {}
        TABLE['a'] = LIMIT
        @staticmethod
        def helper(x):
            return dumps(TABLE[x])
        async def fetch(name):
            await asyncio.sleep(1)
            return helper(name)
    """)


def test_a_name_of_its_own_is_not_looked_for_elsewhere() -> None:
    """A parameter, a variable, an attribute and a built-in function hide what other cells call so."""
    hidden = "name = 1\nresult = 2\nsleep = 3\nlen = 4\ni = 5"
    code = "def fetch(name):\n    result = name.sleep(len(name))\n    return [i for i in result]"
    assert code_of(hidden, code) == code


def test_what_may_come_from_a_star_import_brings_it() -> None:
    """Only where no cell defines the name."""
    stars = "from asyncio import *\nx = 1"
    assert code_of(stars, "async def fetch(): await sleep(1)").startswith("from asyncio import *\nasync def")
    assert "*" not in code_of(stars, "def sleep(): ...", "def fetch(): sleep()")


def test_a_statement_that_shares_its_line_comes_alone() -> None:
    """What stands beside it may be a try."""
    assert code_of("import asyncio; x = 1; asyncio.run(x)", "def fetch(): return x").startswith("x = 1\ndef")


def test_what_uses_the_answer_stands_below_it() -> None:
    """A decorated helper in a later cell cannot come first; an import in a later cell has to."""
    code = code_of("def deco(f): return f\ndef fetch(): return other()", "import json\n@deco\ndef other(): return json")
    assert code == "import json\ndef deco(f): return f\ndef fetch(): return other()\n@deco\ndef other(): return json"


def test_imports_from_the_future_come_first() -> None:
    """Those of every cell, once: a notebook's hold for all its cells."""
    future = "from __future__ import annotations"
    code = code_of(future, "import json", f"{future}\n{OLD}", f"'''Mine.'''\n{future}\ndef fetch(): return json")
    assert code == f"{future}\nimport json\n'''Mine.'''\ndef fetch(): return json"


# -- where the lines are ---------------------------------------------------------------------------------------


def test_each_line_knows_its_cell() -> None:
    """The answer's lines are those of the answer cell, wherever they are in the file."""
    places = answered("import json\nx = 1\n", "1", "\n\ndef fetch():\n    return x").places
    assert places == (
        Line("another cell", 2),
        *(Line("answer cell", number) for number in (1, 2, 3, 4)),
    )


def test_line_ends_do_not_move_lines() -> None:
    """Windows' and old Macs' count as one each; a line may have strange characters."""
    found = answered("x = 'ä\f\x1c\u2028'\r\ny = 2\rdef fetch():\r\n    return y")
    assert [line for line in found.text.split("\n") if "fetch" in line or "y" in line][0] == "y = 2"
    assert found.places == tuple(Line("answer cell", number) for number in (1, 2, 3, 4))


def test_a_syntax_error_stays_on_its_line() -> None:
    """It is judged as it is, so that its line can be told."""
    found = answered(STUB, "%time\n\nasync def fetch(name):\n    return (name\n")
    assert found.text.split("\n")[2:4] == ["async def fetch(name):", "    return (name"]
    assert found.places[3] == Line("answer cell", 4)


def test_a_broken_draft_counts_only_where_nothing_else_does() -> None:
    """Unless it was run last: then it is what the learner is working on."""
    draft = "async def fetch(name):\n    return (name"
    assert code_of(RIGHT, draft) == RIGHT
    newest = answer_of([RIGHT, draft], ["fetch"], "answer.py", STUB, ran=True)
    assert newest is not None
    assert newest.text == f"{draft}\n"


PARTS = st.sampled_from(
    ["def fetch():", "    return x", "x = 1", "import json; y = 2", "await fetch()", "%time fetch()", "!ls 'it", '"""']
    + ["from a import *", "class fetch: z = x", "(", ")", "@x", "x?", "if x:", "    fetch = 2", "\\", "'''", "é = {x}"]
    + ["%%time", "%%writefile answer.py", "\ud800", "\0", "\f", "fetch()", "for x in y: fetch(x)", "#", "", "\ty"]
)
CELLS = st.lists(
    st.lists(PARTS | st.text(max_size=12), max_size=8).flatmap(
        lambda lines: st.sampled_from(["\n", "\r\n", "\r", ";"]).map(lambda end: end.join(lines))
    ),
    max_size=5,
)


@given(CELLS)
@example(["def fetch():\n\tx\r)\\"])
def test_any_cells_give_an_answer_or_none(cells: list[str]) -> None:
    """Without an exception; and a line is at its place, unless it is a notebook's own or a try."""
    found = answer_of(cells, ["fetch"], "answer.py", STUB)
    if found is None or not found.places:
        return
    lines = found.text.split("\n")
    assert len(lines) == len(found.places) + 1
    there = {line.strip() for text in cells for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}
    if "%" not in "".join(cells):
        for line in lines:
            stripped = line.strip()
            assert "pass" in line or "get_ipython" in line or any(stripped in whole for whole in there), line


@pytest.mark.parametrize("text", ["(" * 5000, "x = [\n" * 3000, "-" * 200_000, "f(" * 2000 + ")" * 2000, "'" * 99_999])
def test_deep_and_broken_cells_end(text: str) -> None:
    """They are no Python; the answer beside them is found."""
    assert code_of(text, RIGHT) == RIGHT
    assert answered(f"{RIGHT}\n{text}").text == f"{RIGHT}\n{text}\n"


def test_a_large_cell_does_not_keep_the_answer_from_being_found() -> None:
    """What is larger than any answer is not parsed."""
    data = "DATA = [\n" + "    1234567,\n" * 30_000 + "]"
    assert code_of(data, *["y = 2\n" * 40_000] * 4, "import json", "def fetch(): return json").startswith("import json")
    assert answered(f"{RIGHT}\n{data}").text == f"{RIGHT}\n{data}\n"
