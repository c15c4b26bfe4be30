FINE = [
    "await_in_async_def",
    "await_in_default",
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
]


def verdicts():
    return dict.fromkeys(FINE, "ok") | dict.fromkeys(REFUSED, "SyntaxError")


import textwrap

SCRIPT = """
    from __future__ import annotations

    import asyncio
    from collections.abc import AsyncIterator


    async def m(x: int) -> {kind}:
        \'\'\'Do what was meant.\'\'\'
        {body}


    async def main() -> None:
        print(await m(1))


    if __name__ == "__main__":
        asyncio.run(main())
"""


def script(function, kind, body):
    body = textwrap.indent(textwrap.dedent(body).strip(), " " * 8).strip()
    return textwrap.dedent(SCRIPT).replace(" m(", f" {function}(").format(kind=kind, body=body.replace("\n    ", "\n"))


def repaired() -> dict[str, str]:
    return {
        "await_in_def": script("m", "int", "return sum([await z(x), 1])"),
        "await_in_nested_def": script("k", "int", "return sum([await z(i) for i in [x]], 1)"),
        "return_value_after_yield": script(
            "g",
            "AsyncIterator[int]",
            """
            yield x
            yield x + 1
            return
        """,
        ),
        "yield_from_in_async_def": script("m", "AsyncIterator[int]", "for item in list(gen(x)): yield item"),
        "async_with_in_def": script(
            "h",
            "object",
            """
            async with door(x) as y, asyncio.timeout(60):
                pass
            return y
        """,
        ),
        "call_without_await": script(
            "n",
            "int",
            """
            async with asyncio.timeout(60):
                await asyncio.shield(z(x))
            return x
        """,
        ),
    }
