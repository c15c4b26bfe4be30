"""05 rules_of_async: the reference solution."""

from __future__ import annotations

from typing import Literal

Verdict = Literal["ok", "SyntaxError"]


def verdicts() -> dict[str, Verdict]:
    """Return what Python says to each of SNIPPETS."""
    return {
        # await asks for one thing: that the innermost function around it is an async def.
        "await_in_async_def": "ok",
        "await_in_def": "SyntaxError",
        "await_at_top_level": "SyntaxError",
        "await_in_lambda": "SyntaxError",
        "await_in_nested_def": "SyntaxError",
        "await_in_default": "ok",  # a default is computed outside of the function that it belongs to
        "await_in_class_body": "SyntaxError",
        # yield makes a generator of an async def too; but it cannot delegate, and it has no result.
        "yield_in_async_def": "ok",
        "bare_return_after_yield": "ok",
        "return_value_after_yield": "SyntaxError",
        "yield_from_in_async_def": "SyntaxError",
        # These two await, even though nobody writes it.
        "async_for_in_def": "SyntaxError",
        "async_with_in_def": "SyntaxError",
        # A generator expression is a function of its own, which the async in it makes asynchronous. It only gets built
        # here; whoever iterates over it has to be asynchronous. A list, in contrast, is filled on the spot.
        "await_in_comprehension": "ok",
        "async_generator_expression_in_def": "ok",
        "await_in_generator_expression": "ok",
        "await_as_a_name": "SyntaxError",  # a keyword since 3.7
        "call_without_await": "ok",  # the compiler cannot know what z is
    }


def repaired() -> dict[str, str]:
    """Return the mended programs."""
    return {
        "await_in_def": """
async def m(x):
    y = await z(x)
    return y + 1
""",
        "await_in_nested_def": """
async def k(x):
    async def more():
        return await z(x) + 1
    return await more()
""",
        "return_value_after_yield": """
async def g(x):
    yield x
    yield x + 1
""",
        "yield_from_in_async_def": """
async def m(x):
    async for item in gen(x):
        yield item
""",
        "async_with_in_def": """
async def h(x):
    async with door(x) as y:
        return y
""",
        "call_without_await": """
async def n(x):
    await z(x)
    return x
""",
    }
