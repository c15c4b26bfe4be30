"""Every command that README and docs show is run, page by page, and prints what they show.

A comment right above a block says what is special about it:

- ``<!-- ends with 1 -->``: the exit code of its last command, in place of 0;
- ``<!-- run by: FILE -->``: that file runs it, word for word;
- ``<!-- not run: reason -->``;
- above a block of output, ``<!-- differs: reason -->``: it is not compared;
- above a program, ``<!-- file: PATH -->``: it is written there.

``<!-- meanwhile: command -->`` is what the reader does between two blocks, such as solving an exercise. Lines that make
an environment are left out, since there is one. In output, ``…`` leaves something out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.probe import measure

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_INSTALLS: Final = re.compile(r"^((\.venv/bin/|python3? -m )?pip install|python3? -m venv) .*$", re.MULTILINE)
_NEEDED: Final = ("exercises", "solutions", "examples", "docs", "pyproject.toml", "README.md", "grader")
_WITHOUT: Final = shutil.ignore_patterns("__pycache__", ".*", "build", "graded")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: *mark* is the comment right above it, *line* where it begins."""

    line: int
    language: str
    text: str
    mark: str

    @property
    def is_run(self) -> bool:
        """Whether the tests here run it."""
        return self.language == "sh" and not self.mark.startswith(("not run: ", "run by: ", "command: "))

    @property
    def acts(self) -> bool:
        """Whether it is run, or changes something for those that are."""
        return self.is_run or self.language == "meanwhile" or self.mark.startswith("file: ")

    @property
    def ends_with(self) -> int:
        """The exit code that its last command is to have."""
        return int(self.mark.removeprefix("ends with ")) if self.mark.startswith("ends with ") else 0

    @property
    def commands(self) -> str:
        """What is typed, without what installs packages, or what writes a program."""
        if self.mark.startswith("file: "):
            return f"cat >{self.mark.removeprefix('file: ')} <<'END OF FILE'\n{self.text}\nEND OF FILE"
        return _INSTALLS.sub("", self.text)


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of *page*, in order."""
    found, mark, lines = [], "", iter(enumerate(page.read_text("utf-8").splitlines(), 1))
    for number, line in lines:
        fence = re.fullmatch(r"(`{3,})(\w*).*", line.strip())
        if fence:
            inside = []
            for _, text in lines:
                if text.strip() == fence[1]:
                    break
                inside.append(text)
            found.append(Block(number, fence[2], "\n".join(inside), mark))
        comment = re.fullmatch(r"<!-- (.*) -->", line.strip())
        mark = comment[1] if comment else ""
        if mark.startswith("meanwhile: "):
            found.append(Block(number, "meanwhile", mark.removeprefix("meanwhile: "), ""))
    return found


def outputs_of(blocks: list[Block]) -> dict[Block, Block]:
    """Return the block of output that follows each block of commands, where there is one that is to be compared."""
    seen = [block for block in blocks if block.language != "meanwhile"]
    return {
        before: after
        for before, after in zip(seen, seen[1:], strict=False)
        if before.is_run and after.language in {"", "text"} and not after.mark.startswith("differs: ")
    }


def fresh_copy(folder: Path) -> Path:
    """Return a copy of what a clone holds, below *folder*, with the running environment as its own."""
    copy = folder / "onedelay"
    copy.mkdir()
    for name in _NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=_WITHOUT)
        else:
            shutil.copy(source, copy / name)
    (copy / ".venv").symlink_to(Path(sys.executable).parents[1])
    return copy


def run(blocks: list[Block], folder: Path) -> dict[Block, str]:
    """Run *blocks* one after another in one shell; return what each printed. `AssertionError` where one fails."""
    home = folder / "home"
    home.mkdir()
    script = [f"cd {fresh_copy(folder)}"]
    for number, block in enumerate(blocks):
        wanted = block.ends_with
        begin = f"exec >{folder}/{number}.out 2>&1; set {'+e' if wanted else '-e'}"
        end = f"code=$?; set -e; [ $code = {wanted} ] || exit 99" if wanted else ""
        script += [begin, block.commands, end]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    plain = {"PATH": path, "HOME": str(home), "NO_COLOR": "1", "COLUMNS": "80", "LANG": "C.UTF-8"}
    bash = ["bash", "-c", "\n".join(script)]
    done = subprocess.run(
        bash, cwd=folder, env=plain, stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=False
    )
    outs = {block: folder / f"{number}.out" for number, block in enumerate(blocks)}
    said = {block: out.read_text("utf-8", "replace") for block, out in outs.items() if out.is_file()}
    if done.returncode:
        last = list(said)[-1]
        raise AssertionError(f"line {last.line}: exit code {done.returncode}\n{said[last][-3000:]}")
    return said


def shows(said: str, shown: str) -> str:
    """Return what is missing of the output *shown* in what was *said*, or nothing.

    ``…`` stands for anything in a line, and alone in one for any number of lines.
    """
    rows = [row.rstrip() for row in said.splitlines()]
    start = 0
    for part in re.split(r"^…$", shown.strip("\n"), flags=re.MULTILINE):
        wanted = [row.rstrip() for row in part.strip("\n").splitlines()]
        places = range(start, len(rows) - len(wanted) + 1)
        place = next((place for place in places if all(map(_alike, rows[place:], wanted))), None)
        if place is None:
            return "\n".join(wanted)
        start = place + len(wanted)
    return ""


def _alike(row: str, wanted: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, wanted.split("…"))), row) is not None


COMMANDS = {page: [block for block in blocks_of(page) if block.acts] for page in PAGES}


def name_of(page: Path) -> str:
    """Return a page's name for the list of tests."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page, blocks in COMMANDS.items() if any(block.is_run for block in blocks)], ids=name_of
)
def test_a_pages_commands_do_what_it_says(page: Path, tmp_path: Path) -> None:
    """In a fresh copy and in the page's order each block ends as it should, and prints what stands below it."""
    blocks = COMMANDS[page]
    if any("onedelay grade " in block.text for block in blocks) and not has_a_sandbox():
        pytest.skip("this machine gives no full isolation, which grading a class asks for")
    if any("nbgrader" in block.text for block in blocks):
        pytest.importorskip("nbgrader")
    said = run(blocks, tmp_path)
    wrong = [
        f"line {output.line}: not printed:\n{missing}\n-- but:\n{said[block]}"
        for block, output in outputs_of(blocks_of(page)).items()
        if (missing := shows(said[block], output.text))
    ]
    assert not wrong, "\n\n".join(wrong)


def has_a_sandbox() -> bool:
    """Return whether this machine gives the isolation that a class is graded with."""
    try:
        return measure(Level.FULL, []).level == Level.FULL
    except CannotIsolateError:
        return False


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_is_not_run_says_why(page: Path) -> None:
    """A block that no test here runs names its reason, or the file that runs it, which is there."""
    for block in blocks_of(page):
        if block.language != "sh" or block.is_run:
            continue
        kind, _, words = block.mark.partition(": ")
        if kind == "run by":
            assert (ROOT / words).is_file(), f"line {block.line}: there is no {words}"
            assert page.name in (ROOT / words).read_text("utf-8"), f"line {block.line}: {words} does not read the page"
        elif kind == "command":
            assert f"readme_command {words}" in (ROOT / ".ci" / "run").read_text("utf-8")
        else:
            assert len(words) > 10, f"line {block.line}: why is it not run?"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_stand_in_blocks(page: Path) -> None:
    """No command hides in an indented block or in one without a language, where no test sees it."""
    text = page.read_text("utf-8")
    assert not re.search(r"\n\n    (onedelay|pytest|pip|python|nbgrader) ", text)
    for block in blocks_of(page):
        if block.language in {"", "text", "bash", "shell", "console"}:
            assert not re.match(r"\$? ?(onedelay|pytest|pip|python3?) ", block.text), f"line {block.line}"


def test_what_may_differ() -> None:
    """Output is compared line by line; three dots stand for the rest of a line, or for any number of lines."""
    said = "one\n two  \nthree\nfour\nfive\n"
    assert not shows(said, " two\nthree")
    assert not shows(said, "one\n…\nfour\n…")
    assert shows(said, "one\nthree") == "one\nthree"
    assert not shows(said, "t…e\nf…")
    assert shows(said, "t…e\nfive") == "t…e\nfive"
    assert shows(said, "four\n…\none") == "one"


def test_what_fails_is_named(tmp_path: Path) -> None:
    """Blocks share a shell, each with its exit code, and the first that ends otherwise is told by its line."""
    page = tmp_path / "page.md"
    page.write_text(
        "```sh\ncd docs\n```\n<!-- file: said.txt -->\n```python\nprint('it is')\n```\n<!-- meanwhile: mv said.txt told.txt -->\n"
        "```sh\ncat told.txt\n```\n<!-- ends with 3 -->\n```sh\n(exit 3)\n```\n```sh\necho before\nfalse\necho after\n```\n"
    )
    *right, wrong = [block for block in blocks_of(page) if block.acts]
    (tmp_path / "right").mkdir()
    said = run(right, tmp_path / "right")
    assert said[right[3]] == "print('it is')\n"
    (tmp_path / "wrong").mkdir()
    with pytest.raises(AssertionError, match=r"^line 16: exit code 1\nbefore\n$"):
        run([*right, wrong], tmp_path / "wrong")
