def verdicts():
    return {
        "await_in_async_def": "ok",
        "await_in_default": "ok",
        "yield_in_async_def": "ok",
        "bare_return_after_yield": "ok",
        "await_in_comprehension": "ok",
        "async_generator_expression_in_def": "ok",
        "await_in_generator_expression": "ok",
        "call_without_await": "ok",
        "await_in_def": "SyntaxError",
        "await_at_top_level": "SyntaxError",
        "await_in_lambda": "SyntaxError",
        "await_in_nested_def": "SyntaxError",
        "await_in_class_body": "SyntaxError",
        "return_value_after_yield": "SyntaxError",
        "yield_from_in_async_def": "SyntaxError",
        "async_for_in_def": "SyntaxError",
        "async_with_in_def": "SyntaxError",
        "await_as_a_name": "SyntaxError",
    }


MENDED = """
import asyncio

async def n(x):
    asyncio.create_task(z(x))
    await asyncio.sleep(0)
    return x
"""


def repaired():
    return {
        "await_in_def": "async def m(x):\n    return await z(x) + 1\n",
        "await_in_nested_def": "async def k(x):\n    return await z(x) + 1\n",
        "return_value_after_yield": "async def g(x):\n    yield x\n    yield x + 1\n",
        "yield_from_in_async_def": "async def m(x):\n    async for item in gen(x):\n        yield item\n",
        "async_with_in_def": "async def h(x):\n    async with door(x) as y:\n        return y\n",
        "call_without_await": MENDED,  # <-- here
    }
