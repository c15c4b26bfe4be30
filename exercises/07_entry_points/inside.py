"""07 entry_points: what runs beside the learner's module. It tells what it saw and expects nothing."""

import ast
import asyncio
import contextlib
import gc
import inspect
import io
import linecache
import os
import re
import subprocess
import sys
import threading
import time
import traceback
import types
import warnings
from pathlib import Path

TWO_LOOPS = r"cannot be called|[Aa]lready running|while another loop"
NO_COROUTINE = "coroutine was expected|coroutine or an awaitable"


def _result_and_line(function, *args):
    """Return what *function* returns, and the line that it returned from: None where that says no `return`."""
    lines = [None]

    def note_return(frame, event, _):
        if event == "return" and frame.f_code is getattr(function, "__code__", None):
            text = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
            lines.append(frame.f_lineno if "return" in text else None)

    before = sys.getprofile()
    sys.setprofile(note_return)
    try:
        return function(*args), lines[-1]
    finally:
        sys.setprofile(before)


async def loop_is_running(module):
    """Return what it says in a coroutine, in a callback of the loop, and in a thread beside it; each with its line."""
    answer = asyncio.get_running_loop().create_future()

    def callback():
        try:
            answer.set_result(_result_and_line(module.loop_is_running))
        except Exception as error:  # noqa: BLE001 - raised again where it is awaited
            answer.set_exception(error)

    asyncio.get_running_loop().call_soon(callback)
    in_a_thread = await asyncio.to_thread(_result_and_line, module.loop_is_running)
    return [_result_and_line(module.loop_is_running), await answer, in_a_thread]


async def cell_by_hand(module, greet, patience):
    """Run the cell as a notebook does: with `await` allowed at the top, in the loop that runs already."""

    async def run(text, names):
        code = compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        result = eval(code, names)  # noqa: S307 - the learner's own line, in the learner's process
        if inspect.iscoroutine(result):
            await result

    return await _cell(module, greet, patience, run)


async def cell_in_ipython(module, greet, patience):
    """Run the cell in IPython, which is what Jupyter does."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    async def run(text, names):
        config = Config()
        config.HistoryManager.enabled = False
        shell = InteractiveShell(config=config, ipython_dir=str(Path.cwd() / "ipython"), user_ns=names)
        shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
        with contextlib.redirect_stdout(io.StringIO()):
            result = await shell.run_cell_async(text, transformed_cell=shell.transform_cell(text))
        if not result.success:
            raise result.error_before_exec or result.error_in_exec

    return await _cell(module, greet, patience, run)


async def _cell(module, greet, patience, run):
    """Return the cell, what it raised, and what became of `main`, which is *greet* meanwhile."""
    seen = {"cell": module.NOTEBOOK_CELL, "error": None, "ended": 0, "elsewhere": 0}
    notebook = asyncio.get_running_loop()
    if not isinstance(seen["cell"], str) or not seen["cell"].strip():
        return seen

    async def main():
        seen["elsewhere"] += asyncio.get_running_loop() is not notebook
        greeting = await greet()
        seen["ended"] += 1
        return greeting

    given, module.main = module.main, main
    try:
        await run(seen["cell"], {**vars(module), "__name__": "__main__"})
    except Exception as error:  # noqa: BLE001 - told
        seen["error"] = f"{type(error).__name__}: {error}"
    finally:
        module.main = given
    at_once = dict(seen)
    await asyncio.sleep(patience)
    return {**at_once, "ended_later": seen["ended"] - at_once["ended"], "patched": _patched()}


async def main_greets(module, visitor):
    os.environ["VISITOR"] = visitor
    return await module.main()


def imported(module):
    """Import the file once more; return what it printed, whether a loop ran, and the lines that did it."""
    with _watched(module) as seen:
        _execute(module, module.__name__)
        time.sleep(0.01)  # lets a thread that was started have its turn
    return seen


def script(module, visitor):
    """Run the file as a program; the same."""
    os.environ["VISITOR"] = visitor
    with _watched(module) as seen:
        try:
            _execute(module, "__main__")
        except SystemExit as leave:
            if leave.code:
                raise
        except (TypeError, ValueError) as error:
            if not re.search(NO_COROUTINE, str(error)):
                raise
            seen["error"], seen["line"] = _told(module, error)
    return seen


def _execute(module, name):
    code = compile(Path(module.__file__).read_bytes(), module.__file__, "exec", dont_inherit=True)
    fresh = types.ModuleType(name)
    fresh.__file__ = module.__file__
    before, arguments = sys.modules.get(name), sys.argv
    sys.modules[name], sys.argv = fresh, [module.__file__]
    try:
        exec(code, fresh.__dict__)  # noqa: S102 - the learner's file, in the learner's process
    finally:
        sys.modules[name], sys.argv = before, arguments


@contextlib.contextmanager
def _watched(module):
    """Yield a dict that, afterwards, holds what was printed and whether a loop ran, and the line of either."""
    seen = {"printed": "", "loop": False, "line": None, "loop_line": None, "error": None}
    set_running_loop = asyncio.events._set_running_loop

    class Heard(io.StringIO):
        def write(self, text):
            if text.strip() and seen["line"] is None:
                seen["line"] = _line_in(module, traceback.extract_stack())
            return super().write(text)

    def noted(loop):
        if loop is not None and not seen["loop"]:
            seen["loop"], seen["loop_line"] = True, _line_in(module, traceback.extract_stack())
        set_running_loop(loop)

    heard, asyncio.events._set_running_loop = Heard(), noted
    try:
        with contextlib.redirect_stdout(heard):
            yield seen
    finally:
        asyncio.events._set_running_loop = set_running_loop
        seen["printed"] = heard.getvalue()


def _line_in(module, stack):
    """Return the innermost line of the learner's file in *stack*, or None."""
    return next((frame.lineno for frame in reversed(stack) if frame.filename == module.__file__), None)


def _told(module, error):
    """Return the error's words and the learner's line; a coroutine that it was about is no mistake of its own."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in frame.f_locals.values():
            if inspect.iscoroutine(value) and inspect.getcoroutinestate(value) == inspect.CORO_CREATED:
                value.close()
    words = re.sub(" at 0x[0-9a-fA-F]+", "", str(error))
    return f"{type(error).__name__}: {words}", _line_in(module, traceback.extract_tb(error.__traceback__))


async def run_from_sync(module, make, times):
    return run_from_sync_alone(module, make, times)


def run_from_sync_alone(module, make, times):
    """Return the results of so many calls in a row, the line of the last `return`, and what is wrong with loops."""
    seen = {"values": [], "error": None, "line": None}
    try:
        for _ in range(times):
            value, seen["line"] = _result_and_line(module.run_from_sync, make)
            seen["values"].append(value)
    except (RuntimeError, TypeError, ValueError) as error:
        if not re.search(f"{TWO_LOOPS}|{NO_COROUTINE}", str(error)):
            raise
        seen["error"], seen["line"] = _told(module, error)
    return seen


async def run_from_sync_leaves(module, make, patience):
    """Return what is left after a call: tasks of this loop, coroutines, threads that keep a program from ending."""
    dropped, hook = [], warnings._warn_unawaited_coroutine

    def note(coroutine):
        lines = [line for file, line, _ in coroutine.cr_origin or () if file == module.__file__]
        dropped.extend(lines[:1])

    warnings._warn_unawaited_coroutine = note
    try:
        tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
        seen = run_from_sync_alone(module, make, 1)
        await asyncio.sleep(patience)
        gc.collect()
    finally:
        warnings._warn_unawaited_coroutine = hook
    return {
        **seen,
        "tasks": len(asyncio.all_tasks() - tasks),
        "threads": [t.name for t in threading.enumerate() if t not in threads and not t.daemon and not _is_idle(t)],
        "dropped": dropped,
        "patched": _patched(),
    }


def _is_idle(thread):
    """Return whether *thread* only waits for an executor's next job: Python ends it when the program ends."""
    stack = traceback.extract_stack(sys._current_frames().get(thread.ident))
    functions = {frame.name for frame in stack if Path(frame.filename).parts[-2:] == ("futures", "thread.py")}
    return "_worker" in functions and "run" not in functions


LIBRARY, GRADER = (Path(sys.modules[name].__file__).resolve().parent for name in ("os", "grader"))


def _patched():
    """Return the names in asyncio behind which is something that is not asyncio's own."""
    loop = asyncio.get_running_loop()
    modules = [m for name, m in list(sys.modules.items()) if name.partition(".")[0] == "asyncio" and m is not None]
    classes = {c for m in modules for c in vars(m).values() if isinstance(c, type) and c.__module__ == m.__name__}
    owners = [*modules, *(classes | set(type(loop).__mro__)), loop]
    found = {name for owner in owners for name, value in vars(owner).items() if _is_foreign(value)}
    found |= {name for name in ("Task", "Future") if getattr(asyncio, name).__module__ != "_asyncio"}
    return sorted(found)[:10]


def _is_foreign(value):
    value = getattr(value, "fget", value)
    value = getattr(value, "__func__", value)
    if not isinstance(value, types.FunctionType) or not value.__code__.co_filename.endswith(".py"):
        return False
    path = Path(value.__code__.co_filename).resolve()
    ours = GRADER in path.parents or (LIBRARY in path.parents and "site-packages" not in path.parts)
    return not ours


USES_IT = """
import asyncio, os, runpy, sys
sys.path.append(os.path.dirname(sys.argv[1]))
run_from_sync = runpy.run_path(sys.argv[1], run_name="entry_points")["run_from_sync"]
async def work():
    await asyncio.sleep(0)
    return os.environ["VISITOR"]

async def outer():
    return run_from_sync(work)

print(run_from_sync(work), asyncio.run(outer()))"""


def script_for_real(module, visitor, seconds):
    """Run the file as a program, and a program that uses run_from_sync; return exit code, output and errors of both."""
    environment = {**os.environ, "VISITOR": visitor, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    commands = [["-W", "error", module.__file__], ["-c", USES_IT, module.__file__]]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    programs = [subprocess.Popen([sys.executable, *words], env=environment, **pipes) for words in commands]
    return [_outcome(program, seconds) for program in programs]


def _outcome(program, seconds):
    hung = False
    try:
        printed, errors = program.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        hung = True
        program.kill()
        printed, errors = program.communicate()
    return {"code": program.returncode, "printed": printed[-2000:], "errors": errors[-4000:], "hung": hung}
