"""What the grader checks in 05 rules_of_async."""

import ast
import asyncio
import difflib
import random
import re

import pytest

from grader.expect import expect_equal, fail
from grader.values import Opaque

FUNCTIONS = {"verdicts": "plain", "repaired": "plain"}

# Copies of the learner's, who may have changed theirs.
PROGRAMS = {
    "await_in_async_def": "async def f(x):\n    y = await z(x)\n    return y\n",
    "await_in_def": "def m(x):\n    y = await z(x)\n    return y + 1\n",
    "await_at_top_level": "y = await z(1)\n",
    "await_in_lambda": "async def f(xs):\n    return list(map(lambda x: await z(x), xs))\n",
    "await_in_nested_def": "async def k(x):\n    def more():\n        return await z(x) + 1\n    return more()\n",
    "await_in_default": "async def f(x):\n    def inner(y=await z(x)):\n        return y\n    return inner()\n",
    "await_in_class_body": "async def f(x):\n    class Answer:\n        y = await z(x)\n    return Answer.y\n",
    "yield_in_async_def": "async def g(x):\n    yield x\n",
    "bare_return_after_yield": "async def g(x):\n    yield x\n    return\n",
    "return_value_after_yield": "async def g(x):\n    yield x\n    return x + 1\n",
    "yield_from_in_async_def": "async def m(x):\n    yield from gen(x)\n",
    "async_for_in_def": "def f(items):\n    async for item in items:\n        print(item)\n",
    "async_with_in_def": "def h(x):\n    async with door(x) as y:\n        return y\n",
    "await_in_comprehension": "async def f(xs):\n    return [await z(x) for x in xs]\n",
    "async_generator_expression_in_def": "def f(items):\n    return (item async for item in items)\n",
    "await_in_generator_expression": "def f(xs):\n    return (await z(x) for x in xs)\n",
    "await_as_a_name": "await = 1\n",
    "call_without_await": "async def n(x):\n    z(x)\n    return x\n",
}
GROUPS = {
    "where await may stand": list(PROGRAMS)[:7],
    "what an async def may yield and return": list(PROGRAMS)[7:11],
    "async for, async with, comprehensions": list(PROGRAMS)[11:16],
    "a keyword, and a forgotten one": list(PROGRAMS)[16:],
}

# What somebody believes who takes one for the other: codes and programs, a title, what is true, and what to think of.
WORDS = """
forgotten-await-compiles: call_without_await
    a forgotten await is no SyntaxError
    It is a call like any other, and the compiler does not know what z is. You get a coroutine that never runs.
    what would Python have to know about z in order to refuse it?
async-generators-exist: yield_in_async_def
    yield is allowed in async def
    A yield makes an asynchronous generator of it, since Python 3.6.
    read it as the def of an ordinary generator, whose steps may also await.
async-generators-exist: bare_return_after_yield
    a generator may return
    A return without a value ends an asynchronous generator, as it ends any other.
    who would get a value, and is there one here?
no-value-from-an-async-generator: return_value_after_yield
    an async generator has no result
    `async for` takes what is yielded; there is nobody to give the value of a return to.
    who would get the value that is returned?
no-yield-from: yield_from_in_async_def
    there is no yield from in async def
    `yield from` connects the caller with a plain generator, step by step. Asynchronous generators have no such thing.
    which loop hands on the items of another generator, one by one?
await-needs-async-def: await_in_def
    await needs async def
    The function around this await is a plain def, and cannot be suspended.
    find the def that is next around the await. What stands before it?
await-needs-async-def: await_at_top_level
    await needs async def
    There is no function around this await. A notebook allows that by a switch of its own; a file does not.
    where does an await wait when there is no coroutine to be suspended?
async-is-not-inherited: await_in_lambda
    async is not handed down
    The innermost function counts, and a lambda is a plain one, wherever it stands.
    could somebody call the lambda without awaiting it?
async-is-not-inherited: await_in_nested_def
    async is not handed down
    The innermost function counts, and that is a plain def, although it stands in an async one.
    could somebody call the inner function without awaiting it?
async-is-not-inherited: await_in_class_body
    async is not handed down
    The body of a class is a block of its own, and no function at all.
    what is innermost around the await: the function, or the class?
defaults-belong-outside: await_in_default
    a default is computed outside
    Its default is computed when the inner def is executed, and that happens in the async def around it.
    when does Python compute a default, and in which function is it then?
await-is-allowed: await_in_async_def
    await is allowed here
    The function around it is an async def, and that is all that await asks for.
    find the def that is next around the await. What stands before it?
await-is-allowed: await_in_comprehension
    await is allowed here
    The list is filled on the spot, in the async def around it; so the comprehension may await.
    which function is busy while the list is filled?
hidden-await: async_for_in_def
    async for awaits
    It awaits each of the items, so that it needs an async def around it as an await does.
    what happens between two items?
hidden-await: async_with_in_def
    async with awaits
    It awaits when it enters and when it leaves, so that it needs an async def around it as an await does.
    what happens when the block is entered, and when it is left?
an-expression-only-builds: async_generator_expression_in_def
    it is only built here
    The parentheses build an asynchronous generator, and that awaits nothing. Whoever iterates over it has to await.
    which items has it taken when the function returns?
an-expression-only-builds: await_in_generator_expression
    it is only built here
    With an await in it, it becomes an asynchronous generator. It is built now, and awaits when somebody iterates.
    what has been awaited when the function returns?
await-is-a-keyword: await_as_a_name
    await is a keyword
    Since Python 3.7 it can be no name, just like `for` or `def`.
    what would `await (x)` mean, if it could?
"""


def truth_about(name):
    """Return what the Python that grades says to a program."""
    try:
        compile(PROGRAMS[name], name, "exec", dont_inherit=True)
    except SyntaxError:
        return "SyntaxError"
    return "ok"


def entry(submission, function, name):
    """Return the line at which *function*, or else the rest of the file, speaks of *name*; or None."""
    try:
        body = ast.parse(submission.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    own = [node for node in body if getattr(node, "name", None) == function]
    given = re.compile(r"SNIPPETS\b|REPAIR\b")
    rest = [n for n in body if getattr(n, "name", None) not in FUNCTIONS and not given.match(ast.unparse(n))]
    for nodes in (own, rest):
        found = [line for node in nodes for below in ast.walk(node) for line in lines_in(below, name)]
        if found:
            return submission.line("")._replace(number=max(found))
    return None


def lines_in(node, name):
    text = getattr(node, "value", None) if isinstance(node, ast.Constant) else getattr(node, "arg", None)
    for match in re.finditer(rf"\b{name}\b", text) if isinstance(text, str) else ():
        yield node.lineno + text[: match.start()].count("\n")


# -- the verdicts --


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.check(points=1.5)
async def test_verdicts(submission, group):
    """What Python refuses."""
    said = await submission.verdicts()
    if not isinstance(said, dict):
        expect_equal(said, {}, "verdicts()")
    for name in GROUPS[group]:
        if name not in said:
            near = difflib.get_close_matches(name, [str(key) for key in said if key not in PROGRAMS], 1, 0.8)
            seen = f"verdicts() says nothing about {name!r}" + (f"; it has {near[0]!r}." if near else ".")
            fail("no-verdict", "one is missing", seen, hint="every name in SNIPPETS gets a verdict.")
        if said[name] not in ("ok", "SyntaxError"):
            seen = f"{name}: {said[name]!r:.60} is neither 'ok' nor 'SyntaxError'."
            where = entry(submission, "verdicts", name)
            fail("unknown-verdict", "not a verdict", seen, line=where, hint="a verdict is one of these two strings.")
    for name in GROUPS[group]:
        truth = truth_about(name)
        if said[name] != truth:
            words = re.search(rf"^(\S+): {name}\n +(.+)\n +(.+)\n +(.+)$", WORDS, re.MULTILINE)
            code, title, why, hint = words.groups()
            seen = f"{name}: you say {said[name]!r}, and Python says {truth!r}. {why}"
            fail(code, title, seen, line=entry(submission, "verdicts", name), hint=hint)


# -- the repaired programs --


class Asked:
    """Answers z(x), and what is behind a door, with a fresh number each, after a delay."""

    def __init__(self, delay):
        self.delay, self.answers = delay, {}
        self.begun = self.ended = 0

    async def ask(self, x):
        self.begun += 1
        await asyncio.sleep(self.delay)
        self.ended += 1
        return self.answer(x)

    def answer(self, x):
        return self.answers.setdefault(repr(x), random.randint(100, 999))


CALLED = {
    "await_in_def": "m",
    "await_in_nested_def": "k",
    "return_value_after_yield": "g",
    "yield_from_in_async_def": "m",
    "async_with_in_def": "h",
    "call_without_await": "n",
}
ASKING = ["await_in_def", "await_in_nested_def", "call_without_await"]


def meant(name, x, answer, items):
    values = {
        "return_value_after_yield": [x, x + 1],
        "yield_from_in_async_def": items,
        "async_with_in_def": answer,
        "call_without_await": x,
    }
    return values.get(name, answer + 1)


@pytest.mark.parametrize("name", CALLED)
async def test_repaired(submission, name):
    """Mended."""
    sources = await submission.repaired()
    if not isinstance(sources, dict):
        expect_equal(sources, {}, "repaired()")
    if name not in sources:
        seen = f"repaired() has no program for {name!r}."
        fail("not-repaired", "one is missing", seen, hint="every name in REPAIR gets the source of a program.")
    line = entry(submission, "repaired", name)
    if not isinstance(sources[name], str):
        seen = f"{name}: {sources[name]!r:.60} is not a string."
        fail(
            "not-a-source", "no source of a program", seen, line=line, hint="give the program as text, as in SNIPPETS."
        )

    def wrong(code, title, seen, hint):
        fail(code, title, f"{name}: {seen}", line=line, hint=hint)

    for _ in range(2):
        asked, x, items = Asked(submission.delay), random.randint(1, 99), random.sample(range(100), 4)
        run = submission.inside.repaired_program
        seen = await run(sources[name], CALLED[name], x, ask=asked.ask, items=items)
        expected = meant(name, x, asked.answer(x), items)
        call = f"{CALLED[name]}({x})"
        expect_usable(seen, call, "stream" if isinstance(expected, list) else "awaitable", wrong)
        if name in ASKING:
            expect_asked(asked, call, wrong)
        expect_meant(seen, call, expected, wrong)
        if name == "async_with_in_def" and seen["doors"] != [1, 1]:
            times = f"the door was opened {seen['doors'][0]} and closed {seen['doors'][1]} times; expected once each."
            wrong("door-not-used", "the door was not opened and closed", times, "`async with` does both.")


KEEP = "do not take an `await` away; let the function around it be an `async def`, and await what that gives."
KINDS = {"awaitable": "something to await", "stream": "an asynchronous generator"}


def expect_usable(seen, call, kind, wrong):
    """Expect that a program compiled, ran, and gave something of the right kind."""
    if "refused" in seen:
        text = f"{seen['refused']}."
        wrong("still-refused", "Python still refuses it", text, "ask Python yourself: compile(source, 'me', 'exec').")
    if "missing" in seen:
        text = f"it defines no {call.partition('(')[0]}()."
        wrong("name-lost", "the function is gone", text, "keep the name of the function as it was.")
    if "raised" in seen and "coroutine" in seen["raised"]:
        wrong("await-missing", "an await is missing", f"{call} raised {seen['raised']}.", KEEP)
    if "raised" in seen:
        text = f"{call} raised {seen['raised']}."
        hint = "it is used in a running loop; try it there with a z, a gen and a door of your own."
        wrong("repair-raises", "it compiles, and fails", text, hint)
    if seen["kind"] != kind:
        text = f"{call} gives {KINDS.get(seen['kind'], seen['kind'])}; expected {KINDS[kind]}."
        hint = "a yield in an `async def` makes an asynchronous generator; without one it is a coroutine function."
        wrong("not-asynchronous", "of the wrong kind", text, hint)
    value = seen.get("value")
    if isinstance(value, Opaque) and value.kind == "coroutine":
        text = f"`await {call}` gives {value}, which nobody has awaited."
        wrong("await-missing", "an await is missing", text, KEEP)


def expect_asked(asked, call, wrong):
    """Expect that z(x) has run to its end."""
    if not asked.begun:
        text = "z(x) never ran; a coroutine that nobody awaits does nothing."
        wrong("await-missing", "an await is missing", text, "await z(x), and use the z that is there.")
    if not asked.ended:
        text = f"z(x) had begun, but not ended, when {call} returned."
        wrong("did-not-wait", "did not wait", text, "await z(x) before you return.")


def expect_meant(seen, call, expected, wrong):
    """Expect the value, or the items, that were meant."""
    value = seen["items"] if seen["kind"] == "stream" else seen["value"]
    text = f"{call} gives {value!r:.60}; expected {expected!r}."
    if isinstance(expected, list) and value == expected[:-1] and len(expected) == 2:
        wrong("value-lost", "a value got lost", text, "a generator that has one more value to give yields it.")
    if value != expected or isinstance(value, bool):
        wrong("wrong-repair", "it does something else", text, "read in REPAIR what it was meant to do.")
