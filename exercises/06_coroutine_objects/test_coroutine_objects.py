"""What the grader checks in 06 coroutine_objects."""

import random
import re
from typing import NamedTuple

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {"kind_of": "plain", "drive": "plain"}
OBJECT_OF = {f"{kind} function": kind for kind in ("coroutine", "async generator", "generator")}
KINDS = {*OBJECT_OF, *OBJECT_OF.values(), "task", "future", "other"}


class Shown(NamedTuple):
    """An object of inside.py: what the report calls it, and the kinds that are right."""

    words: str
    kinds: set


CALLED = {
    "fetch": Shown("an `async def` function", {"coroutine function"}),
    "stream": Shown("an `async def` function with a `yield`", {"async generator function"}),
    "count": Shown("a `def` function with a `yield`", {"generator function"}),
    "method fetch": Shown("a bound method, `async def`", {"coroutine function"}),
    "method stream": Shown("a bound method, `async def` with a `yield`", {"async generator function"}),
    "method count": Shown("a bound method, `def` with a `yield`", {"generator function"}),
    "partial": Shown("functools.partial of an `async def` function", {"coroutine function", "other"}),
    "plain": Shown("a plain function", {"other"}),
    "forwards": Shown("a plain function that returns a coroutine", {"other"}),
    "class": Shown("a class", {"other"}),
    "callable": Shown("an object with a plain `__call__`", {"other"}),
}
RETURNED = {
    "coroutine": Shown("what calling an `async def` function returned", {"coroutine"}),
    "generator": Shown("what calling a `def` function with a `yield` returned", {"generator"}),
    "async generator": Shown("what calling an `async def` function with a `yield` returned", {"async generator"}),
    "coroutine suspended": Shown("a coroutine that has been started", {"coroutine"}),
    "coroutine ended": Shown("a coroutine that has ended", {"coroutine"}),
    "generator half": Shown("a generator that has been started", {"generator"}),
    "generator expression": Shown("a generator expression", {"generator"}),
    "async generator half": Shown("an async generator that has been started", {"async generator"}),
    "iterator": Shown("the iterator of a list", {"other"}),
    "number": Shown("the number 42", {"other"}),
    "text": Shown('the string "coroutine"', {"other"}),
    "none": Shown("None", {"other"}),
}
AWAITED = {
    "coroutine": RETURNED["coroutine"],
    "task": Shown("a task", {"task"}),
    "task done": Shown("a task that has ended", {"task"}),
    "future": Shown("a future of the loop", {"future"}),
    "future done": Shown("a future that has a result", {"future"}),
    "gather": Shown("what asyncio.gather() returned", {"future"}),
    "awaitable": Shown("an object with `__await__`", {"other"}),
    "awaitable class": Shown("a class with `__await__`", {"other"}),
}

# A code, its title; what the line does; what to try.
MISTAKES = """
called-to-see: called the object to see what it is
    a call may do anything, and a coroutine that it makes has nobody to await it
    Try: what a function will return is written in the function: inspect it, not its product.
changed-the-object: did not leave the object as it was
    whoever the object belongs to will find it started or closed
    Try: only look at the object.
not-a-kind: an answer that is none of the nine
    Try: return one of the nine strings of the README, spelled as there.
function-or-object: a function is not what it returns
    this answer is given for both
    Try: one is the recipe, the other was made by calling it; inspect has a question for each.
task-is-a-future-too: a task is a special future
    Task is a subclass of Future, so this fits a task as well
    Try: ask whether it is a task before you ask whether it is a future.
missed-the-method: a bound method is a function too
    Try: a bound method wraps its function (`__func__`); the questions of inspect look through it.
awaitables-mixed-up: awaitable is not a kind
    that a thing can be awaited does not say what it is
    Try: coroutines, tasks, futures and objects with `__await__` can all be awaited: tell them apart.
generators-mixed-up: relatives mixed up
    Try: `async def` makes a coroutine, `yield` a generator, both together an async generator.
wrong-kind: not what it is
    Try: which of your questions lets this object through?
ran-an-event-loop: ran an event loop
    this runs a loop, which then does what you are to do here
    Try: resume the coroutine yourself, with its method send.
drive-runs-nothing: a call of drive() runs nothing
    `async def`, or a `yield`, makes calling drive return an object that somebody else must run
    Try: drive is a plain function: when it returns, the coroutine has ended.
did-not-run-it: did not run the coroutine
    Try: run it: each send(None) takes it to its next suspension.
let-stop-iteration-out: the end came out as an exception
    when the coroutine ends, this raises StopIteration
    Try: catch it: it is no error, and it carries the result as its value.
coroutine-as-an-iterator: a coroutine is not an iterator
    a coroutine has send, throw and close, but no `__next__` and no `__iter__`
    Try: start and resume it with send(None), or iterate over coro.__await__().
refused-otherwise: another error than RuntimeError
    Try: Python itself refuses to send into a coroutine that has ended: let its RuntimeError out.
sent-a-value: sent a value into the coroutine
    Try: start and resume it with send(None): nobody in there waits for a value.
raised: raised an error
    raised here
    Try: what drive gets is a coroutine, made by a call already; dir(coro) shows what it has.
threw-into-it: threw something into the coroutine
    Try: a suspended coroutine wants to be resumed: send(None).
stopped-too-soon: left the coroutine half done
    the coroutine is still suspended when drive returns here
    Try: one send takes it to its next suspension only: go on until it raises StopIteration.
lost-the-exception: the coroutine's exception did not arrive
    Try: catch StopIteration only: any other exception is the coroutine's own, and the caller's to see.
lost-the-result: the result got lost
    what send gives back is what was yielded; it is never the result
    Try: look into the StopIteration that send raises at the end: it has a value.
drove-it-twice: an ended coroutine seemed to run again
    Try: Python refuses to send into a coroutine that has ended: let its RuntimeError out.
"""


class Learner:
    """The learner's two functions, and the lines at which things happened."""

    def __init__(self, submission):
        self.submission = submission

    def at(self, number):
        first = self.submission.line(r"\S")
        return first._replace(number=number) if first is not None and number else None

    def fail(self, code, seen, line):
        """Fail with a mistake of the table; *line* is a Line, or a number of the learner's file."""
        found = re.search(rf"^{code}: (.+)\n(?:    (?!Try)(.+)\n)?    Try: (.+)$", MISTAKES, re.MULTILINE)
        title, mark, hint = found.groups("")
        line = self.at(line) if isinstance(line, int) else line
        fail(code, title, seen, line=line, mark=mark, hint=hint)

    # -- kind_of -------------------------------------------------------------------------------------------

    async def expect_kinds(self, shown):
        """Show the objects in random order; the first wrong answer in the order of the table is reported."""
        await self.submission.kind_of(random.randint(1, 99))  # a plain function?
        names = random.sample(sorted({*shown} - {"plain"}), len({*shown} - {"plain"}))
        # First an object that can tell when it is called; the later ones only leave a coroutine behind.
        seen = await self.submission.inside.kind_of(["plain", *names])
        if seen["touched"] is not None:
            name, done, line = seen["touched"]
            words = {**CALLED, **RETURNED, **AWAITED}[name].words
            if done == "called" and name in CALLED:
                self.fail("called-to-see", f"kind_of was given {words}, and called it.", line)
            did = "moved it on" if done in {"called", "changed"} else f"called its {done}"
            self.fail("changed-the-object", f"kind_of was given {words}, and {did}.", line)
        for name, (words, kinds) in shown.items():
            answer, line = seen["answers"][name]
            if answer not in kinds:
                expected = min(kinds)
                text = f'kind_of({words}) gave {answer!r}; expected "{expected}".'.replace("'", '"')
                self.fail(mistake(words, expected, answer), text, line)
        await self.submission.leaves_nothing_behind()

    # -- drive ---------------------------------------------------------------------------------------------

    async def expect_drive(self, pauses, value, error=None, times=1):
        """Let a coroutine be driven that suspends itself so often, then returns *value* or raises *error*."""
        seen = await self.submission.inside.drive(times, pauses, value, error)
        self.expect_run(seen[0])
        self.expect_end(seen[0], sum(pauses))
        self.expect_outcome(seen[0], value, error)
        if times == 2 and seen[1]["how"] != "refused":
            text = f"drive was given the same coroutine again and gave {seen[1]['value']!r}; expected RuntimeError."
            code = "drove-it-twice" if seen[1]["how"] == "returned" else "refused-otherwise"
            self.fail(code, text, seen[1]["line"])

    def expect_run(self, seen):
        how, value, line = seen["how"], seen["value"], seen["line"]
        if seen["loop"] is not None:
            text = "around the coroutine, an event loop of asyncio was running."
            runs = self.submission.line(r"\brun\b|run_until_complete|run_forever")
            self.fail("ran-an-event-loop", text, seen["loop"][0] or runs or line)
        if how in {"coroutine", "generator"}:
            text = f"calling drive returned a {how}; the coroutine did not run to its end."
            self.fail("drive-runs-nothing", text, self.submission.definition("drive"))
        if how == "itself" or (how == "returned" and seen["state"] == "CORO_CREATED"):
            self.fail("did-not-run-it", "drive returned, and nothing of the coroutine had run.", line)
        if how == "escaped":
            self.fail("let-stop-iteration-out", f"drive raised {value}.".replace(": .", "."), line)
        if how == "misused":
            self.fail(misuse(value), f"drive raised {value}.", line)
        if seen["thrown"] is not None:
            thrown, line = seen["thrown"]
            self.fail("threw-into-it", f"{thrown} was thrown into the suspended coroutine.", line)

    def expect_end(self, seen, pauses):
        if seen["state"] != "CORO_CLOSED":
            text = f"the coroutine suspends itself {pauses} times; drive left it at number {seen['resumed'] + 1}."
            self.fail("stopped-too-soon", text, seen["line"])
        if seen["sent"] is not None:
            sent, line = seen["sent"]
            self.fail("sent-a-value", f"the coroutine was resumed with {sent}; expected None.", line)

    def expect_outcome(self, seen, value, error):
        if error is not None and seen["how"] != "planned":
            came = f"raised {seen['value']}" if seen["how"] == "another" else f"returned {seen['value']!r}"
            text = f"the coroutine raised {error}, and drive {came}; the same {error} was expected."
            self.fail("lost-the-exception", text, seen["line"])
        if error is None and seen["value"] is None and value is not None:
            text = f"the coroutine returned {value!r}, and drive returned None."
            self.fail("lost-the-result", text, seen["line"])
        if error is None:
            expect_equal(seen["value"], value, "what drive returned")


def mistake(words, expected, answer):
    """Return the code of a wrong answer."""
    if not isinstance(answer, str) or answer not in KINDS:
        return "not-a-kind"
    if OBJECT_OF.get(expected) == answer or OBJECT_OF.get(answer) == expected:
        return "function-or-object"
    if (expected, answer) == ("task", "future"):
        return "task-is-a-future-too"
    if "bound method" in words:
        return "missed-the-method"
    if words in {shown.words for shown in AWAITED.values()} and not {expected, answer} & set(OBJECT_OF):
        return "awaitables-mixed-up"
    return "wrong-kind" if "other" in {expected, answer} else "generators-mixed-up"


def misuse(message):
    """Return the code of a TypeError or AttributeError that speaks of a coroutine."""
    for code, words in [
        ("coroutine-as-an-iterator", ["not an iterator", "not iterable", "__next__", "__iter__", "yield from"]),
        ("sent-a-value", ["non-None value"]),
    ]:
        if any(word in message for word in words):
            return code
    return "raised"


def some_pauses(levels):
    """Return how often each of so many nested coroutines suspends itself."""
    return [random.randint(2, 9) for _ in range(levels)]


@pytest.fixture
def learner(submission):
    return Learner(submission)


async def test_functions(learner):
    """Functions and methods are told by what is written in them."""
    await learner.expect_kinds(CALLED)


async def test_objects(learner):
    """Coroutines and generators are told from the functions that make them."""
    await learner.expect_kinds(RETURNED)


async def test_awaitables(learner):
    """Coroutines, tasks, futures: three things that can be awaited."""
    await learner.expect_kinds(AWAITED)


async def test_at_once(learner):
    """drive returns what a coroutine returns that never suspends itself."""
    for value in [random.randint(100, 999), f"text {random.randint(1, 99)}"]:
        await learner.expect_drive([0], value)


@pytest.mark.check(points=2)
async def test_suspended(learner):
    """drive resumes a coroutine as often as it suspends itself."""
    for times in (random.randint(2, 9), random.randint(10, 40), random.randint(150, 300)):
        await learner.expect_drive([times], random.randint(100, 999))


async def test_nested(learner):
    """drive runs coroutines that await others, and returns any value."""
    for levels in range(2, 6):
        await learner.expect_drive(some_pauses(levels), random.randint(100, 999))
    for value in random.sample([0, "", False, [], None, {"a": [1]}, (0,), ()], 8):
        await learner.expect_drive([0], value)
        await learner.expect_drive([0, *some_pauses(1)], value)


async def test_exceptions(learner):
    """An exception of the coroutine comes out of drive."""
    errors = ["ValueError", "KeyError", "RuntimeError", "OSError", "TypeError", "CancelledError"]
    for error in random.sample(errors, len(errors)):
        text = f"number {random.randint(100, 999)}"
        await learner.expect_drive([0], text, error)
        await learner.expect_drive(some_pauses(3), text, error)


async def test_twice(learner):
    """A coroutine that has ended cannot be driven again."""
    for pauses in ([0], some_pauses(2)):
        await learner.expect_drive(pauses, random.randint(100, 999), times=2)
