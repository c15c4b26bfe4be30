def verdicts():
    refused = dict.fromkeys(
        """
        await_in_def await_at_top_level await_in_lambda await_in_nested_def await_in_class_body
        return_value_after_yield yield_from_in_async_def async_for_in_def async_with_in_def await_as_a_name
        """.split(),
        "SyntaxError",
    )
    fine = dict.fromkeys(
        """
        await_in_async_def await_in_default yield_in_async_def bare_return_after_yield await_in_comprehension
        async_generator_expression_in_def await_in_generator_expression call_without_await
        """.split(),
        "ok",
    )
    return {**refused, **fine}


def repaired():
    return dict(
        await_in_def="""
async def m(x):
    return 1 + await z(x)
""",
        await_in_nested_def="""
async def k(x):
    return await z(x) + 1
""",
        return_value_after_yield="""
async def g(x):
    for item in (x, x + 1):
        yield item
    return
""",
        yield_from_in_async_def="""
async def m(x):
    for item in gen(x):
        yield item
""",
        async_with_in_def="""
import contextlib

async def h(x):
    async with contextlib.AsyncExitStack() as stack:
        return await stack.enter_async_context(door(x))
""",
        call_without_await="""
import asyncio

async def n(x):
    await asyncio.gather(z(x))
    return x
""",
    )
