"""Finds exercises and their files; the only place that knows the layout. It runs nothing.

An exercise is a folder ``exercises/NN_slug`` with the stub ``slug.py`` and the test ``test_slug.py``; its
reference is ``solutions/NN_slug/slug.py``, beside ``accepted/``, ``rejected/`` and, for checks that learners do not
see, ``test_hidden.py``. Beside the test, ``inside.py``
may hold functions that run in the candidate, and ``mistakes.toml`` the words for diagnoses of the exercise's own.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

HIDDEN: Final = "test_hidden.py"
# A learner's file may be made to cost the judge time: more of it is neither parsed, nor searched in one line.
_MOST_PARSED: Final = 256 * 1024
_LONGEST_LINE: Final = 500
_FOLDER: Final = re.compile(r"(?P<number>\d{2})_(?P<slug>[a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Exercise:
    """One exercise, named by its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """``NN_slug``."""
        return self.folder.name

    @property
    def number(self) -> str:
        """``NN``."""
        return self.name[:2]

    @property
    def slug(self) -> str:
        """The name of the stub and of the function's module."""
        return self.name[3:]

    @property
    def stub(self) -> Path:
        """The file that the learner edits."""
        return self.folder / f"{self.slug}.py"

    @property
    def test(self) -> Path:
        """The check file, which runs in the judge."""
        return self.folder / f"test_{self.slug}.py"

    @property
    def hidden(self) -> Path | None:
        """The file of checks that learners do not see, where there is one."""
        path = self.solutions / HIDDEN
        return path if path.is_file() else None

    @property
    def inside(self) -> Path | None:
        """The file of functions that run beside the learner's module, where there is one."""
        path = self.folder / "inside.py"
        return path if path.is_file() else None

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that the exercise's own files in the candidate import."""
        files = (self.stub, self.solutions / self.stub.name, self.inside)
        return tuple(dict.fromkeys(name for file in files if file is not None for name in imports_of(file)))

    @cached_property
    def mistakes(self) -> dict[str, dict[str, str]]:
        """The words of ``mistakes.toml``: code, or code.variant -> title, hint and, for a line, mark."""
        path = self.folder / "mistakes.toml"
        return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}

    @property
    def solutions(self) -> Path:
        """The folder of the reference solution and of the known right and wrong ones."""
        return self.folder.parent.parent / "solutions" / self.name

    @cached_property
    def functions(self) -> dict[str, str]:
        """What the test declares as FUNCTIONS, name -> ``async``, ``stream``, ``plain``, ``class`` or ``value``.

        Not read from the stub, which is the learner's to change.
        """
        tree = _parse(self.test)
        for node in tree.body if tree is not None else ():
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FUNCTIONS":
                declared: dict[str, str] = ast.literal_eval(node.value)
                return declared
        raise LookupError(f"{self.test} declares no FUNCTIONS")


def _parse(path: Path) -> ast.Module | None:
    try:
        source = path.read_bytes()
        return _parse_text(source) if len(source) <= _MOST_PARSED else None
    except OSError:
        return None


@lru_cache(maxsize=32)  # the same few files are looked at in every check
def _parse_text(source: bytes) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def lines_of(path: Path) -> tuple[str, ...]:
    """Return the lines of a file, long ones cut; `OSError`."""
    return tuple(line[:_LONGEST_LINE] for line in path.read_text("utf-8", "replace").splitlines())


def last_return(path: Path, function: str) -> int | None:
    """Return the line of the last ``return`` of a top-level function, or of its ``def`` when it has none.

    For a class its line, for a value that of its assignment.
    """
    tree = _parse(path)
    return None if tree is None else _last_return(tree, function)


@lru_cache(maxsize=32)
def _last_return(tree: ast.Module, function: str) -> int | None:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == function:
            return node.lineno
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == function for target in targets):
                return node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            lines = [below.lineno for below in _own_nodes(node) if isinstance(below, ast.Return)]
            return max(lines, default=node.lineno)
    return None


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    # What belongs to the function itself, not to functions defined in it. No recursion: a file may be nested deep.
    nodes = [function]
    while nodes:
        for child in ast.iter_child_nodes(nodes.pop()):
            yield child
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                nodes.append(child)


def imports_of(path: Path) -> tuple[str, ...]:
    """Return the top-level modules a Python file imports; nothing for a file that cannot be parsed."""
    tree = _parse(path)
    return () if tree is None else tuple(name for name in _imports(tree) if name != path.stem)


@lru_cache(maxsize=32)
def _imports(tree: ast.Module) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update((alias.name.partition(".")[0], None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names[node.module.partition(".")[0]] = None
    return tuple(name for name in names if name != "__future__")


def exercise_of(path: Path) -> Exercise | None:
    """Return the exercise that *path* (its folder, a file directly in it, or its hidden checks) belongs to."""
    if path.name == HIDDEN and path.parent.parent.name == "solutions":
        return exercise_of(path.parent.parent.parent / "exercises" / path.parent.name)
    if path in _FOUND:
        return Exercise(_FOUND[path])
    for folder in (path, path.parent):
        match = _FOLDER.fullmatch(folder.name)
        if match and (folder / f"test_{match['slug']}.py").is_file():
            _FOUND[path] = folder
            return Exercise(folder)
    return None


_FOUND: Final[dict[Path, Path]] = {}  # every hook of pytest's asks for the same few; what is an exercise remains one


def exercises_in(folder: Path) -> list[Exercise]:
    """Return the exercises directly in *folder*, by number."""
    if not folder.is_dir():
        return []
    found = (exercise_of(path) for path in sorted(folder.iterdir()) if path.is_dir())
    return [exercise for exercise in found if exercise is not None]


def matches(folder: Path, prefix: str) -> list[Exercise]:
    """Return the exercises in *folder* whose name, number or slug starts with *prefix*; exact numbers win."""
    every = exercises_in(folder)
    wanted = prefix.zfill(2) if prefix.isdigit() else prefix
    exact = [e for e in every if wanted in {e.number, e.slug, e.name}]
    return exact or [e for e in every if e.name.startswith(prefix) or e.slug.startswith(prefix)]


def submitted_file(exercise: Exercise, path: Path) -> Path:
    """Return the file to grade for *exercise* in a submission at *path*: the file itself, or one in a folder."""
    if path.is_dir():
        for candidate in (path / exercise.stub.name, path / exercise.name / exercise.stub.name):
            if candidate.is_file():
                return candidate
        return path / exercise.stub.name
    return path
