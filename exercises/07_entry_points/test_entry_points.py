"""What the grader checks in 07 entry_points."""

import asyncio
import functools
import importlib.util
import random
import re

import pytest

from grader.expect import expect_equal, fail
from grader.timeline import Line

FUNCTIONS = {"main": "async", "NOTEBOOK_CELL": "value", "loop_is_running": "plain", "run_from_sync": "plain"}
NEST = r"nest_asyncio\.apply|^\s*(import|from)\s+nest_asyncio"
TWO_LOOPS = r"cannot be called|[Aa]lready running|while another loop"
LOOPS = {"without a loop": "run_from_sync_alone", "under a loop": "run_from_sync"}  # functions of inside.py


def fresh_name():
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=8)).capitalize()


class Work:
    """A coroutine function that takes one delay and returns something fresh, or raises; it counts how often it ran."""

    def __init__(self, submission, error=None):
        self.delay, self.error, self.results = submission.delay, error, []

    async def run(self):
        await asyncio.sleep(self.delay)
        self.results.append(fresh_name())
        if self.error is not None:
            raise self.error
        return self.results[-1]


def line_in_file(submission, number):
    return None if number is None else Line(submission.line("").file, number)


def fail_as_patched(submission, line, seen):
    line = submission.line(NEST) or line
    hint = "leave asyncio as it is. Another thread has room for another loop."
    fail("patched-asyncio", "rewires asyncio", seen, line=line, hint=hint)


def explained(check):
    """Name the cause where somebody reaches for nest_asyncio, and it is not installed or cannot be lived with."""

    @functools.wraps(check)
    async def explaining(submission, *args, **kwargs):
        try:
            await check(submission, *args, **kwargs)
        except Exception as error:
            if submission.line(NEST) and re.match("Died|Deadlocked|Endless|.*No module named 'nest_", str(error)):
                fail_as_patched(submission, None, "nest_asyncio rewires asyncio for the whole process, for everybody.")
            raise

    return explaining


@explained
async def test_loop_is_running(submission):
    """loop_is_running() is true under a running loop, and only there."""
    places = ["in a coroutine", "in a callback of the loop, outside of any task", "in a thread without a loop"]
    expect_answer(submission, await submission.loop_is_running(), None, "where no loop runs", expected=False)
    for (answer, line), place in zip(await submission.inside.loop_is_running(), places):
        expect_answer(submission, answer, line, place, expected=place != places[-1])
    await submission.new_loop()
    expect_answer(submission, await submission.loop_is_running(), None, "after a loop has ended", expected=False)


def expect_answer(submission, answer, line, place, *, expected):
    if answer is not expected:
        seen = f"loop_is_running() {place} returned {answer!r:.60}; {expected} was expected."
        hint = "ask asyncio for the loop that runs in this thread. What does it do when there is none?"
        fail("wrong-answer", "the wrong answer", seen, line=line_in_file(submission, line), hint=hint)


# What a cell may raise: code, title, what to think of.
CELL_ERRORS = {
    TWO_LOOPS: (
        "nested-loop",
        "started a second event loop",
        "the notebook runs a loop already: in a cell one may await.",
    ),
    "TypeError.*await": ("awaited-a-value", "awaited a function", "main is a function; main() is something to await."),
    "SyntaxError": (
        "syntax-error",
        "Python cannot read the cell",
        "write plain Python, no %magic; it may use `await`.",
    ),
    "": ("raised", "the cell raised an exception", "a cell finds whatever the file defines."),
}


async def expect_cell_works(submission, run):
    """Run the cell by *run*, a function of inside.py, and expect that it runs main() in the notebook's loop."""
    line = submission.line(r"NOTEBOOK_CELL\b[^=]*=")
    seen = await run(Work(submission).run, 3 * submission.delay)
    if not isinstance(seen["cell"], str) or not seen["cell"].strip():
        text = f"NOTEBOOK_CELL is {seen['cell']!r:.60}; it should be a string: the line that one types into a cell."
        fail("no-cell", "the cell is empty", text, line=line, hint="how does one wait for a coroutine's result?")
    cell = f"the cell {seen['cell'].strip()!r:.60}"
    if seen["error"] is not None:
        if "nest_asyncio" in seen["error"]:
            fail_as_patched(submission, line, f"{cell} raised {seen['error']}.")
        code, title, hint = next(words for error, words in CELL_ERRORS.items() if re.search(error, seen["error"]))
        fail(code, title, f"{cell} raised {seen['error']:.150}", line=line, hint=hint)
    if seen["patched"]:
        fail_as_patched(
            submission, line, f"after {cell}, these are not asyncio's own any more: {', '.join(seen['patched'][:4])}."
        )
    if seen["elsewhere"]:
        text = f"{cell} ran main() in another event loop than the notebook's own."
        hint = "a cell may wait for main() itself; it needs no function to do it for it."
        fail("another-loop", "not in the notebook's loop", text, line=line, hint=hint)
    if seen["ended_later"]:
        hint = "who waits for what this line starts?"
        fail("did-not-wait", "the cell does not wait", f"{cell} was over before main() was.", line=line, hint=hint)
    if not seen["ended"]:
        text, hint = f"{cell} did not run main() to its end.", "main() makes a coroutine. What runs it?"
        fail("never-awaited", "forgot an await", text, line=line, hint=hint)


@pytest.mark.check(points=2)
@explained
async def test_cell(submission):
    """The notebook cell runs main() in the loop that is running already."""
    await expect_cell_works(submission, submission.inside.cell_by_hand)


@explained
async def test_script(submission):
    """Run as a program, the file prints what main() returns; imported, it does nothing."""
    visitor = fresh_name()
    greeting = await submission.inside.main_greets(visitor)
    await submission.new_loop()
    expect_quiet_import(submission, await submission.inside.imported())
    seen = await submission.inside.script(visitor)
    line = line_in_file(submission, seen["line"])
    if seen["error"]:
        fail_as_function(seen["error"], line)
    expect_greeting(submission, seen["printed"], greeting, line, ran=seen["loop"])


def expect_quiet_import(submission, seen):
    mark, hint = "this runs at every import", "put it under `if __name__ == '__main__':`."
    if seen["printed"].strip():
        text = f"importing the file printed {seen['printed'].strip()!r:.60}."
        line = line_in_file(submission, seen["line"])
        fail("ran-at-import", "importing the file runs the program", text, line=line, mark=mark, hint=hint)
    if seen["loop"]:
        line = line_in_file(submission, seen["loop_line"]) or submission.line(r"\.start\(")
        text = "importing the file ran an event loop; whoever imports it wants its functions only."
        fail("ran-at-import", "importing the file runs a loop", text, line=line, mark=mark, hint=hint)


def expect_greeting(submission, printed, greeting, line, *, ran):
    guard = submission.line(r"if\s.*__name__") or submission.line(r"\bprint\(") or submission.line("asyncio")
    if not printed.strip():
        seen = "main() ran, and what it returned was printed nowhere." if ran else "main() was not run."
        hint = "print what running main() returns." if ran else "under `if __name__ == '__main__':`, run main()."
        fail("printed-nothing", "prints nothing as a program", seen, line=guard, hint=hint)
    if "<coroutine object" in printed:
        mark, seen = "this prints the coroutine; nothing of it has run", f"it printed {printed.strip()!r:.70}."
        fail("never-awaited", "forgot to run it", seen, line=line, mark=mark, hint="which function runs a coroutine?")
    if printed.strip() != greeting:
        seen = f"it printed {printed.strip()!r:.70}; main() returned {greeting!r}."
        hint = "print the result of main(), and nothing else."
        fail("printed-something-else", "prints something else", seen, line=line or guard, hint=hint)


def fail_as_function(message, line):
    mark, hint = "this hands over the function, not a coroutine", "call it: what it returns is the coroutine to run."
    fail("gave-a-function", "a function instead of a coroutine", f"{message:.100}", line=line, mark=mark, hint=hint)


def expect_results(submission, seen, work, times):
    """Expect the results of so many calls; *seen*: what a function of inside.py tells."""
    line, message = line_in_file(submission, seen["line"]), seen["error"]
    if message and not message.startswith("RuntimeError"):
        fail_as_function(message, line)
    if message:
        mark = "a loop runs in this thread already; a thread runs one at a time"
        hint = "another thread has no loop yet. Run the coroutine there, and wait for that thread."
        fail("nested-loop", "a second loop in one thread", f"{message:.120}", line=line, mark=mark, hint=hint)
    for value in seen["values"]:
        if getattr(value, "kind", None) in {"future", "coroutine"}:
            text = f"run_from_sync() returned a {value.type}; the caller is plain code, and cannot await it."
            mark, hint = "this is a promise, not yet a result", "wait for the result, and return that."
            fail("returned-a-promise", "returned a promise", text, line=line, mark=mark, hint=hint)
    if len(work.results) < times:
        text = f"{times} calls had returned, and the coroutine had come to its end in {len(work.results)} of them."
        hint = "each call runs its coroutine, and waits for its end."
        fail("did-not-wait", "did not wait", text, line=line, hint=hint)
    if len(work.results) > times:
        fail("ran-twice", "ran it more than once", f"it ran {len(work.results)} times in {times} calls.", line=line)
    expect_equal(seen["values"], work.results, "the results of run_from_sync()")


async def one_after_another(submission, run, *, at_most):
    work, times = Work(submission), 2
    with submission.takes(times, at_most=at_most, serial=times, hold=1000):
        seen = await run(work.run, times)
        expect_results(submission, seen, work, times)


@pytest.mark.check(points=2)
@pytest.mark.parametrize("loop", LOOPS)
@explained
async def test_result(submission, loop):
    """run_from_sync waits for the coroutine's result and returns it, and once more."""
    await one_after_another(submission, getattr(submission.inside, LOOPS[loop]), at_most=2.5)


@pytest.mark.parametrize("loop", LOOPS)
@explained
async def test_exceptions(submission, loop):
    """The coroutine's exception reaches the caller, and it has run once."""
    for error in (ZeroDivisionError("the kettle is empty"), RuntimeError("the kettle is empty")):
        name, work = type(error).__name__, Work(submission, error)
        with submission.raises(name, because="the coroutine raised it"):
            seen = await getattr(submission.inside, LOOPS[loop])(work.run, 1)
            if seen["error"] or not work.results:
                expect_results(submission, seen, work, 1)
            text = f"the coroutine raised {name}, and run_from_sync() returned {seen['values'][0]!r:.60}."
            hint = "a result or an exception: the caller gets what the coroutine ended with."
            fail("error-ignored", "lost an exception", text, line=line_in_file(submission, seen["line"]), hint=hint)
        if len(work.results) != 1:
            text = f"the coroutine raised {name}, and then it was run again: {len(work.results)} times in all."
            source, catching = submission.source, re.compile(r"except\s*:|except.*(RuntimeError|Exception)")
            caught = catching.search(source, max(source.find("def run_from_sync"), 0))
            line = line_in_file(submission, source.count("\n", 0, caught.start()) + 1 if caught else None)
            hint = "catch RuntimeError around the question only, and not around the coroutine's run."
            fail("ran-twice", "ran it more than once", text, line=line, mark="this catches its errors too", hint=hint)


@explained
async def test_nothing_left(submission):
    """Afterwards nothing is left that keeps a program from ending, and asyncio is as it was."""
    work = Work(submission)
    left = await submission.inside.run_from_sync_leaves(work.run, 3 * submission.delay)
    expect_results(submission, left, work, 1)
    if left["patched"]:
        text = f"afterwards, these are not asyncio's own any more: {', '.join(left['patched'][:4])}."
        line = submission.line(r"^\s*(asyncio|loop)\..*[^=]=[^=]") or submission.definition("run_from_sync")
        fail_as_patched(submission, line, text)
    if left["dropped"]:
        line, mark = line_in_file(submission, left["dropped"][0]), "this makes a coroutine that nobody runs"
        text, hint = "make() was called, and its coroutine never run.", "first ask for the loop, then call make()."
        fail("never-awaited", "dropped a coroutine", text, line=line, mark=mark, hint=hint)
    if left["tasks"] or left["threads"]:
        await submission.leaves_nothing_behind()
        text = f"left: {', '.join(left['threads'] or ['a task'])}."
        fail("left-something-running", "left something behind", text, hint="a thread that goes on has to be a daemon.")


@pytest.mark.check(clock="real", confirms=True)
@explained
async def test_for_real(submission):
    """And so on the real clock."""
    for run in LOOPS.values():
        await one_after_another(submission, getattr(submission.inside, run), at_most=6)


@pytest.mark.skipif(importlib.util.find_spec("IPython") is None, reason="needs IPython: pip install -e '.[exercises]'")
@pytest.mark.check(clock="real")
@explained
async def test_cell_in_ipython(submission):
    """The cell works in IPython."""
    await expect_cell_works(submission, submission.inside.cell_in_ipython)


@pytest.mark.check(clock="real")
@explained
async def test_programs(submission):
    """`python -W error` runs the file, and a program that uses run_from_sync can end."""
    visitor = fresh_name()
    greeting = await submission.inside.main_greets(visitor)
    await submission.new_loop()
    script, user = await submission.inside.script_for_real(visitor, 4)
    expect_ended(submission, script, submission.line(r"if\s.*__name__"))
    expect_greeting(submission, script["printed"], greeting, None, ran=True)
    expect_ended(submission, user, submission.definition("run_from_sync"))
    expect_equal(user["printed"].split(), [visitor] * 2, "the results of run_from_sync() in a program")


def expect_ended(submission, program, line):
    """Expect that a program came to its end, without an error and without a warning."""
    if program["hung"]:
        seen = "it had printed what it should, and did not end." if program["printed"].strip() else "it did not end."
        fail("program-does-not-end", "the program does not end", seen, line=line, hint="what is still running?")
    places = re.findall(rf'File ".*{re.escape(submission.line("").file)}", line (\d+)', program["errors"])
    line = line_in_file(submission, int(places[-1])) if places else line
    message = (program["errors"].strip().splitlines() or [""])[-1]
    if program["code"] or "Warning" in program["errors"]:
        seen, hint = f"exit code {program['code']}: {message:.200}", "run it yourself, with `python -W error`."
        fail("program-failed", "failed as a program", seen, line=line, hint=hint)
