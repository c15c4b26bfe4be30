"""Runs a file as `python FILE` would, traced. It keeps nothing of the trace itself."""

from __future__ import annotations

import contextlib
import importlib.machinery
import os
import signal
import sys
import threading
from types import CodeType, ModuleType, TracebackType
from typing import Any, Final

from grader.tracing.child.program import INTERRUPTED, Program

_OURS: Final = os.path.dirname(os.path.realpath(__file__))


def main(folder: str, clock: str, script: str, *args: str) -> None:
    """Run *script* with *args* on a ``real`` or ``virtual`` clock; leave its trace in *folder*."""
    program = Program(folder, clock, script)
    path = os.path.abspath(script)
    with open(path, "rb") as file:
        source = file.read()
    sys.argv = [script, *args]
    sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    module = ModuleType("__main__")
    module.__dict__.update(__file__=path, __cached__=None, __builtins__=__builtins__, __annotations__={})
    module.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
    sys.modules["__main__"] = module
    program.install()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = _perform(program, module, source, path)
    if clock == "virtual":
        _join_threads()
    if code:
        sys.exit(code)


def _perform(program: Program, module: ModuleType, source: bytes, path: str) -> int:
    """Return the exit code of the program."""
    try:
        compiled: CodeType = compile(source, path, "exec", dont_inherit=True)
        exec(compiled, module.__dict__)  # noqa: S102 - what the command is for
    except SystemExit as error:
        return _exit_code(program, error)
    except KeyboardInterrupt:
        program.ends("interrupted", INTERRUPTED)
        return INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - whatever the program raises, Python would print
        _without_our_frames(error, set())
        _note_error(program, error, path)
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    return 0


def _exit_code(program: Program, error: SystemExit) -> int:
    code = error.code
    if isinstance(code, str) or not (code is None or isinstance(code, int)):
        print(code, file=sys.stderr)  # noqa: T201 - as Python does
        code = 1
    frames = list(program.tracer.lines.learner_frames(error))
    program.ends("exit", int(code or 0) & 255, line=frames[-1][:2] if frames else None)
    return int(code or 0)


def _note_error(program: Program, error: BaseException, path: str) -> None:
    lines = program.tracer.lines
    if isinstance(error, SyntaxError) and error.filename == path:
        line = lines.line_of(path, error.lineno or 1)
        program.ends("unreadable", 1, error=type(error).__name__, message=str(error.msg), line=line)
        return
    leaf = error
    while isinstance(leaf, BaseExceptionGroup):  # what happened in it says more
        leaf = leaf.exceptions[0]
    frames = list(lines.learner_frames(leaf)) or list(lines.learner_frames(error))
    message = ""
    with contextlib.suppress(Exception):
        message = str(leaf)
    program.ends("raised", 1, error=type(leaf).__name__, message=message, line=frames[-1][:2] if frames else None)


def _without_our_frames(error: BaseException | None, seen: set[int]) -> None:
    """Leave out of a traceback what is not there when the program runs by itself."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    kept: list[TracebackType] = []
    trace = error.__traceback__
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_OURS):
            kept.append(trace)
        trace = trace.tb_next
    rebuilt: TracebackType | None = None
    for trace in reversed(kept):
        rebuilt = TracebackType(rebuilt, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
    error.__traceback__ = rebuilt
    _without_our_frames(error.__cause__, seen)
    _without_our_frames(error.__context__, seen)


def _join_threads() -> None:
    """Wait for the program's threads on the clock; at its exit Python would wait for them off it."""
    executors: Any = sys.modules.get("concurrent.futures.thread")
    if executors is not None:
        executors._python_exit()
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
