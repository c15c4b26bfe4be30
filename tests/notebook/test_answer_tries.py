"""What of an answer cell a file cannot hold: tries, magics, shell commands, and what only a running loop allows."""

from __future__ import annotations

import warnings

import pytest

from grader.notebook.answers.answer import answer_of
from grader.timeline import Line

RIGHT = "async def fetch(name):\n    return name"
STUB = "async def fetch(name): ..."


def code_of(*cells: str, stub: str = STUB) -> str:
    found = answer_of(cells, ["fetch"], "answer.py", stub)
    assert found is not None
    return "\n".join(line for line in found.text.split("\n") if line.strip())


@pytest.mark.parametrize(
    "trial",
    [
        "await fetch('a')",
        "print(await fetch('a'))",
        "result = await fetch('a')\nprint(result)\nassert result == 'a'",
        "asyncio.run(fetch('a'))",
        "results = [asyncio.run(fetch(name)) for name in 'ab']\nfor result in results:\n    print(result)",
        "async with asyncio.timeout(1):\n    await fetch('a')",
        "async for x in y: print(x)",
        "[x async for x in y]",
        "import asyncio\ntask = asyncio.create_task(other())\ntask.cancel()",
        "loop = asyncio.get_running_loop()\nloop.run_in_executor(None, print)",
        "import nest_asyncio\nnest_asyncio.apply()",
        "import nest_asyncio as n; n.apply()",
        "display(fetch)\nget_ipython().run_line_magic('time', '')",
        "from answer import fetch\nprint(fetch)",
        "import answer, importlib\nimportlib.reload(answer)",
        "name = 3\nprint(fetch(name))",
        "with open('x') as file:\n    file.write(fetch('a'))",
        "%time await fetch('a')",
        "%time result = await fetch('a')\nresult",
        "%timeit -n 1 fetch('a')",
        "!pip install httpx \\\n   respx",
        "%pip install httpx",
        "pip install httpx",
        "pip3 install 'httpx>=0.28'",
        "files = !ls\nprint(len(files))",
        "a, b = !echo it's\nprint(a)",
        "timing = %timeit -o 1 + 1\nprint(timing.best)",
        "?fetch",
        "fetch?",
        "fetch.name??",
        "%load_ext autoreload\n%autoreload 2",
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_a_try_beside_the_answer_is_left_out(trial: str, first: bool) -> None:
    """Above it or below it: a file cannot hold it, or would run it when it is imported."""
    imports = {"import asyncio", "import asyncio; ", "import importlib", "pass; pass"}
    code = code_of(f"{trial}\n{RIGHT}" if first else f"{RIGHT}\n{trial}")
    assert [line for line in code.split("\n") if line not in imports and not line.startswith("name = 3")] == [
        *RIGHT.split("\n")
    ]


def test_what_calls_the_answer_by_a_detour_is_a_try_too() -> None:
    """The functions for it are kept, since nobody calls them."""
    code = f"{RIGHT}\nasync def main():\n    await fetch(1)\ndef go():\n    asyncio.run(main())"
    assert code_of(f"{code}\ngo()\nprint(go())") == code


@pytest.mark.parametrize(
    "kept",
    [
        "fetch = cached(fetch)",
        "TABLE = [fetch]\ndef other(): return TABLE",
        "TABLE = {}\nTABLE['a'] = fetch\ndef other(): return TABLE",
        "fetch.calls = 0",
        "fetch.register(int)(lambda name: 3)",
        "if __name__ == '__main__':\n    asyncio.run(fetch('a'))",
        "print('hello')",
        "LIMIT: int = 3",
        "for _ in range(3):\n    pass",
        "class Client(Base):\n    x = 1",
        "match 3:\n    case [a, *b]:\n        pass",
        "type_ = list[int] | None",
        "values = [x for x in range(3) if (y := x)]",
        "async def main():\n    async with a: await fetch(1)\n    asyncio.create_task(b)\n    get_running_loop()",
        "import asyncio\nasync def display(): return [x async for x in y]",
    ],
)
def test_what_belongs_to_the_answer_stays(kept: str) -> None:
    """It changes what functions do, or runs nothing of the answer's."""
    assert code_of(f"{RIGHT}\n{kept}") == f"{RIGHT}\n{kept}"


def test_a_local_variable_does_not_make_a_try_part_of_the_answer() -> None:
    """A function's own `results` is not the `results` of the try."""
    code = "def fetch(name):\n    results = [name]\n    return results"
    assert code_of(f"{code}\nresults = fetch(1)\nprint(results)") == code


def test_tries_move_no_line() -> None:
    """Each stands where it stood."""
    found = answer_of([f"%time\nawait fetch(\n  1)\n\n{RIGHT}\nx = 1; await fetch(1); y = 2  # so"], ["fetch"], "a.py")
    assert found is not None
    assert found.text.split("\n") == ["", "", "", "", *RIGHT.split("\n"), "x = 1; pass; y = 2  # so", ""]
    assert found.places == tuple(Line("answer cell", number) for number in range(1, 8))


@pytest.mark.parametrize(
    "text",
    [
        'TEXT = """\n%d of\n!important\nwhat?\n"""',
        "TEXT = '''it's \"\n% a\n'''",
        "x = (7\n% 3)",
        "y = 7 \\\n% 3",
        "z = '# no comment ?'  # what?",
        'w = f\'{x!r}\' "\\""',
        "v = [\n    '''(\n! '''\n% 3]",
    ],
)
def test_what_looks_like_a_magic_inside_of_python_is_none(text: str) -> None:
    """In a string and in brackets a line may begin so, in a cell with real ones too."""
    assert code_of(f"%matplotlib inline\n{text}\n!ls\n{RIGHT}") == f"{text}\n{RIGHT}"


def test_shell_commands_in_a_function_do_nothing() -> None:
    """The rest of it is judged."""
    code = code_of("def fetch():\n    !ls\n    x = !ls\n    if x:\n        %time\n    return 1")
    assert code == "def fetch():\n    pass\n    x = None\n    if x:\n        pass\n    return 1"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%timeit -n 1", "\n\n%%time", "%%prun -s cumulative"])
def test_a_magic_that_runs_its_cell_is_only_left_out(magic: str) -> None:
    """The lines keep their numbers."""
    cell = f"{magic}\n{RIGHT}"
    found = answer_of([cell], ["fetch"], "a.py")
    assert found is not None
    assert found.text.split("\n")[-3:-1] == RIGHT.split("\n")
    assert found.places[-1] == Line("answer cell", cell.count("\n") + 1)


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile other.py", "%%html", "%%script python", "%%js"])
def test_what_another_magic_does_with_a_cell_is_no_answer(magic: str) -> None:
    """It is another language, or another file."""
    assert answer_of([f"{magic}\n{RIGHT}"], ["fetch"], "answer.py") is None


# -- answers that are files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["answer.py", "./answer.py", "'answer.py'", " answer.py "])
def test_a_written_file_is_taken_as_it_is(name: str) -> None:
    """It is the file: its lines are its own, and nothing is left out or added."""
    body = f"import asyncio\n{RIGHT}\nawait fetch(1)\n%time"
    found = answer_of(["import json", f"%%writefile {name}\n{body}"], ["fetch"], "answer.py", STUB)
    assert found is not None
    assert (found.text, found.places) == (f"{body}\n", ())


def test_the_last_written_file_counts_with_what_was_appended() -> None:
    """As on the disk."""
    write = "%%writefile answer.py\n"
    assert code_of(f"{write}x = 1", f"{write}{RIGHT}", "%%writefile -a answer.py\ny = 2") == f"{RIGHT}\ny = 2"


def test_a_written_stub_counts_only_alone() -> None:
    """The answer may be in another copy of the cell, or in one without its first line."""
    stub = f"%%writefile answer.py\n{STUB}\n\n"
    for cells in (
        [f"%%writefile answer.py\n{RIGHT}", stub],
        [stub, RIGHT],
        [stub, f"# mine\n{RIGHT}", "import answer"],
    ):
        assert code_of(*cells).endswith(RIGHT)
    assert code_of(stub) == STUB
    assert code_of(stub, "import answer\nanswer.fetch(1)") == STUB


def test_nothing_is_warned_of() -> None:
    """In a kernel, a warning of the learner's code would cost the cell its points."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        code_of(r"pattern = '\d'", f"%time\nimport re\n{RIGHT}\nx = '\\d'\nwhile pattern is 'x': pass")
    assert not caught
