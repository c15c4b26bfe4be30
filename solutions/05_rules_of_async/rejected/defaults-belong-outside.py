FINE = [
    "await_in_async_def",
    "yield_in_async_def",
    "bare_return_after_yield",
    "await_in_comprehension",
    "async_generator_expression_in_def",
    "await_in_generator_expression",
    "call_without_await",
]
REFUSED = [
    "await_in_def",
    "await_at_top_level",
    "await_in_lambda",
    "await_in_nested_def",
    "await_in_class_body",
    "return_value_after_yield",
    "yield_from_in_async_def",
    "async_for_in_def",
    "async_with_in_def",
    "await_as_a_name",
    "await_in_default",  # <-- here
]


def verdicts():
    return dict.fromkeys(FINE, "ok") | dict.fromkeys(REFUSED, "SyntaxError")


def repaired():
    return {
        "await_in_def": "async def m(x):\n    return await z(x) + 1\n",
        "await_in_nested_def": "async def k(x):\n    return await z(x) + 1\n",
        "return_value_after_yield": "async def g(x):\n    yield x\n    yield x + 1\n",
        "yield_from_in_async_def": "async def m(x):\n    async for item in gen(x):\n        yield item\n",
        "async_with_in_def": "async def h(x):\n    async with door(x) as y:\n        return y\n",
        "call_without_await": "async def n(x):\n    await z(x)\n    return x\n",
    }
