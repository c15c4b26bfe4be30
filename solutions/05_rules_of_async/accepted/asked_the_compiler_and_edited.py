SNIPPETS = {
    "await_in_async_def": "\nasync def f(x):\n    y = await z(x)\n    return y\n",
    "await_in_def": "\ndef m(x):\n    y = await z(x)\n    return y + 1\n",
    "await_at_top_level": "\ny = await z(1)\n",
    "await_in_lambda": "\nasync def f(xs):\n    return list(map(lambda x: await z(x), xs))\n",
    "await_in_nested_def": "\nasync def k(x):\n    def more():\n        return await z(x) + 1\n    return more()\n",
    "await_in_default": "\nasync def f(x):\n    def inner(y=await z(x)):\n        return y\n    return inner()\n",
    "await_in_class_body": "\nasync def f(x):\n    class Answer:\n        y = await z(x)\n    return Answer.y\n",
    "yield_in_async_def": "\nasync def g(x):\n    yield x\n",
    "bare_return_after_yield": "\nasync def g(x):\n    yield x\n    return\n",
    "return_value_after_yield": "\nasync def g(x):\n    yield x\n    return x + 1\n",
    "yield_from_in_async_def": "\nasync def m(x):\n    yield from gen(x)\n",
    "async_for_in_def": "\ndef f(items):\n    async for item in items:\n        print(item)\n",
    "async_with_in_def": "\ndef h(x):\n    async with door(x) as y:\n        return y\n",
    "await_in_comprehension": "\nasync def f(xs):\n    return [await z(x) for x in xs]\n",
    "async_generator_expression_in_def": "\ndef f(items):\n    return (item async for item in items)\n",
    "await_in_generator_expression": "\ndef f(xs):\n    return (await z(x) for x in xs)\n",
    "await_as_a_name": "\nawait = 1\n",
    "call_without_await": "\nasync def n(x):\n    z(x)\n    return x\n",
}


def verdicts():
    found = {}
    for name, source in SNIPPETS.items():
        try:
            compile(source, name, "exec")
        except SyntaxError:
            found[name] = "SyntaxError"
        else:
            found[name] = "ok"
    return found


def repaired():
    def edited(name, *changes):
        source = SNIPPETS[name]
        for old, new in changes:
            source = source.replace(old, new)
        return source

    return {
        "await_in_def": edited("await_in_def", ("def", "async def")),
        "await_in_nested_def": edited(
            "await_in_nested_def", ("    def", "    async def"), ("return more", "return await more")
        ),
        "return_value_after_yield": edited("return_value_after_yield", ("return", "yield")),
        "yield_from_in_async_def": edited(
            "yield_from_in_async_def", ("yield from gen(x)", "async for i in gen(x): yield i")
        ),
        "async_with_in_def": "async " + SNIPPETS["async_with_in_def"].lstrip(),
        "call_without_await": edited("call_without_await", ("z(x)\n", "await z(x)\n")),
    }
