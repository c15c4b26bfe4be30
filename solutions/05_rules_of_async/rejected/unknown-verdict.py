SyntaxError = False


def verdicts():
    return {
        "await_in_async_def": True,  # <-- here
        "await_in_default": True,
        "yield_in_async_def": True,
        "bare_return_after_yield": True,
        "await_in_comprehension": True,
        "async_generator_expression_in_def": True,
        "await_in_generator_expression": True,
        "call_without_await": True,
        "await_in_def": False,
        "await_at_top_level": False,
        "await_in_lambda": False,
        "await_in_nested_def": False,
        "await_in_class_body": False,
        "return_value_after_yield": False,
        "yield_from_in_async_def": False,
        "async_for_in_def": False,
        "async_with_in_def": False,
        "await_as_a_name": False,
    }


def repaired():
    return {
        "await_in_def": "async def m(x):\n    return await z(x) + 1\n",
        "await_in_nested_def": "async def k(x):\n    return await z(x) + 1\n",
        "return_value_after_yield": "async def g(x):\n    yield x\n    yield x + 1\n",
        "yield_from_in_async_def": "async def m(x):\n    async for item in gen(x):\n        yield item\n",
        "async_with_in_def": "async def h(x):\n    async with door(x) as y:\n        return y\n",
        "call_without_await": "async def n(x):\n    await z(x)\n    return x\n",
    }
