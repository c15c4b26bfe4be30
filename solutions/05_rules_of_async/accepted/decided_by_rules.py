def verdicts():
    """Two rules, and what they apply to."""
    innermost = {  # what is innermost around the await, the async for or the async with
        "await_in_async_def": "async def",
        "await_in_def": "def",
        "await_at_top_level": "module",
        "await_in_lambda": "lambda",
        "await_in_nested_def": "def",
        "await_in_default": "async def",
        "await_in_class_body": "class",
        "async_for_in_def": "def",
        "async_with_in_def": "def",
        "await_in_comprehension": "async def",
        "async_generator_expression_in_def": "generator expression",
        "await_in_generator_expression": "generator expression",
        "yield_in_async_def": "async def",
        "bare_return_after_yield": "async def",
        "call_without_await": "async def",
        "return_value_after_yield": "yield and value",
        "yield_from_in_async_def": "yield from",
        "await_as_a_name": "keyword",
    }

    def verdict(place):
        match place:
            case "async def" | "generator expression":
                return "ok"
            case _:
                return "SyntaxError"

    return {name: verdict(place) for name, place in innermost.items()}


def repaired():
    """All that changes is a word or two."""
    mended = {}
    mended["await_in_def"] = "async def m(x):\n\ty = await z(x)\n\treturn y + 1"
    mended["await_in_nested_def"] = "\n".join(
        [
            "async def k(x):",
            "    async def more(): return (await z(x)) + 1",
            "    result = await more()",
            "    return result",
        ]
    )
    mended["return_value_after_yield"] = "async def g(x):\n    yield x; yield x + 1\n"
    mended["yield_from_in_async_def"] = (
        "async def m(x):\n"
        "    items = gen(x)\n"
        "    if hasattr(items, '__aiter__'):\n"
        "        async for item in items: yield item\n"
        "    else:\n"
        "        for item in items: yield item\n"
    )
    mended["async_with_in_def"] = "async def h(x):\n    async with door(x) as y: return y\n"
    mended["call_without_await"] = (
        "import asyncio\n"
        "async def n(x: int) -> int:\n"
        "    async with asyncio.TaskGroup() as group:\n"
        "        group.create_task(z(x))\n"
        "    return x\n"
    )
    mended["await_in_lambda"] = "async def f(xs): return [await z(x) for x in xs]"
    return mended
