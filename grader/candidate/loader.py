"""Loads the learner's file as a fresh module and describes what went wrong; it runs no function of it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import os
import shutil
import sys
from types import CodeType, ModuleType
from typing import Any, Final

from grader.candidate.recorder import Recorder
from grader.values import without_addresses

MAX_FRAMES: Final = 10
MAX_DEPTH: Final = 4


_newest_of_others: str | None = None


def know_others() -> None:
    """Take the modules that have been loaded until now for no submission's.

    A forked process that looked at each of these hundreds would get a copy of each.
    """
    global _newest_of_others  # noqa: PLW0603 - of the process, as `sys.modules` is
    _newest_of_others = next(reversed(sys.modules))


def prepare(path: str, others: dict[str, str], names: str | None) -> None:
    """Forget what was loaded from the folder of *path* before, and let the files beside it be imported.

    others: module name -> a file that has another name; offered in the folder *names*, also to processes that the
    learner's code starts.
    """
    folder = os.path.join(os.path.dirname(path), "")
    for known in list(itertools.takewhile(lambda name: name != _newest_of_others, reversed(sys.modules))):
        loaded = sys.modules[known]
        if known in others or (getattr(loaded, "__file__", None) or "").startswith(folder):
            del sys.modules[known]
    # Last, not first: a file of the learner's that is called like a module of the library must not replace it.
    if names is not None:
        os.makedirs(names, exist_ok=True)
        for name, file in others.items():
            alias = os.path.join(names, f"{name}.py")
            with contextlib.suppress(FileNotFoundError):
                os.remove(alias)
            try:
                os.symlink(file, alias)
            except OSError:  # a system without links
                shutil.copyfile(file, alias)
    for place in (names, folder):
        if place is not None and place not in sys.path:
            sys.path.append(place)


def load(path: str, name: str) -> ModuleType:
    """Execute the file at *path* as module *name*."""
    with open(path, "rb") as file:
        source = file.read()
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    exec(_compiled(source, path), module.__dict__)  # noqa: S102 - the candidate's purpose
    return module


@functools.lru_cache(maxsize=8)  # loaded afresh for every check
def _compiled(source: bytes, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def names_of(module: ModuleType) -> dict[str, str]:
    """Return what the module defines at its top: name -> kind."""
    names = {}
    for name, value in list(vars(module).items()):
        if not name.startswith("__") and isinstance(name, str):
            names[name] = kind_of(value)
    return names


def kind_of(value: object) -> str:
    """Return ``async``, ``stream``, ``plain``, ``class`` or ``other``."""
    if inspect.iscoroutinefunction(value):
        return "async"
    if inspect.isasyncgenfunction(value):
        return "stream"
    if inspect.isclass(value):
        return "class"
    return "plain" if callable(value) else "other"


def describe(error: BaseException, recorder: Recorder, depth: int = 0) -> dict[str, Any]:
    """Return an exception as plain data: its type and ancestors, its message, the learner's frames."""
    types = [f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__ if cls is not object]
    data: dict[str, Any] = {"types": types, "message": "", "frames": [], "syntax": None, "leaves": []}
    # A learner's exception may lie, raise or contain itself; what can be had of it is told.
    with contextlib.suppress(Exception):
        data["message"] = without_addresses(str.__str__(str(error))[:500])
    with contextlib.suppress(Exception):
        frames = list(recorder.learner_frames(error))
        if len(frames) > MAX_FRAMES:
            frames = frames[: MAX_FRAMES // 2] + frames[-MAX_FRAMES // 2 :]
        data["frames"] = frames
    with contextlib.suppress(Exception):
        if isinstance(error, SyntaxError):
            data["syntax"] = _syntax(error, recorder)
    with contextlib.suppress(Exception):
        if isinstance(error, BaseExceptionGroup) and depth < MAX_DEPTH:
            inner = BaseExceptionGroup.__dict__["exceptions"].__get__(error)
            data["leaves"] = [describe(leaf, recorder, depth + 1) for leaf in inner[:5]]
    return data


def _syntax(error: SyntaxError, recorder: Recorder) -> dict[str, Any]:
    line = recorder.line_of(error.filename or "", error.lineno or 0)
    return {"line": line, "text": str(error.text or "")[:200], "column": error.offset or 0, "why": str(error.msg)}
