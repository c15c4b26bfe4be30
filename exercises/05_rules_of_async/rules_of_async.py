"""05 rules_of_async: which programs does Python refuse, and what does it let pass?

Do not change SNIPPETS and REPAIR; the grader has copies of its own.
"""

from __future__ import annotations

from typing import Literal

Verdict = Literal["ok", "SyntaxError"]

# Eighteen programs. Python would compile some of them and refuse the others. The names z, gen, door, print and the
# like may mean anything: a name that is not defined is no matter for the compiler.
SNIPPETS: dict[str, str] = {
    "await_in_async_def": """
async def f(x):
    y = await z(x)
    return y
""",
    "await_in_def": """
def m(x):
    y = await z(x)
    return y + 1
""",
    "await_at_top_level": """
y = await z(1)
""",
    "await_in_lambda": """
async def f(xs):
    return list(map(lambda x: await z(x), xs))
""",
    "await_in_nested_def": """
async def k(x):
    def more():
        return await z(x) + 1
    return more()
""",
    "await_in_default": """
async def f(x):
    def inner(y=await z(x)):
        return y
    return inner()
""",
    "await_in_class_body": """
async def f(x):
    class Answer:
        y = await z(x)
    return Answer.y
""",
    "yield_in_async_def": """
async def g(x):
    yield x
""",
    "bare_return_after_yield": """
async def g(x):
    yield x
    return
""",
    "return_value_after_yield": """
async def g(x):
    yield x
    return x + 1
""",
    "yield_from_in_async_def": """
async def m(x):
    yield from gen(x)
""",
    "async_for_in_def": """
def f(items):
    async for item in items:
        print(item)
""",
    "async_with_in_def": """
def h(x):
    async with door(x) as y:
        return y
""",
    "await_in_comprehension": """
async def f(xs):
    return [await z(x) for x in xs]
""",
    "async_generator_expression_in_def": """
def f(items):
    return (item async for item in items)
""",
    "await_in_generator_expression": """
def f(xs):
    return (await z(x) for x in xs)
""",
    "await_as_a_name": """
await = 1
""",
    "call_without_await": """
async def n(x):
    z(x)
    return x
""",
}

# Six of them you shall mend: this is what they were meant to do. Their functions keep their names and parameters.
# z is a coroutine function. gen(x) gives several items; take it for a plain or an asynchronous generator, as you like.
# door(x) is opened and closed by `async with`. None of the three is for you to define.
REPAIR: dict[str, str] = {
    "await_in_def": "`await m(x)` gives one more than `await z(x)` does.",
    "await_in_nested_def": "`await k(x)` gives one more than `await z(x)` does.",
    "return_value_after_yield": "`async for item in g(x)` gives x, and then x + 1.",
    "yield_from_in_async_def": "`async for item in m(x)` gives every item of gen(x), in order.",
    "async_with_in_def": "`await h(x)` opens door(x), gives what `as` gave, and closes it.",
    "call_without_await": "`await n(x)` lets z(x) run to its end, and then gives x.",
}


def verdicts() -> dict[str, Verdict]:
    """Return, for the name of each of SNIPPETS, what Python says to it: "ok" or "SyntaxError"."""
    # TODO: decide yourself, one by one, before you ask Python.
    raise NotImplementedError


def repaired() -> dict[str, str]:
    """Return, for the name of each of REPAIR, the source of a program that does what it was meant to do."""
    raise NotImplementedError
