import asyncio
import inspect
import textwrap
from enum import Enum


class Verdict(str, Enum):
    OK = "ok"
    REFUSED = "SyntaxError"


class Mended:
    class await_in_def:
        async def m(x):
            y = await z(x)  # noqa: F821
            return y + 1

    class await_in_nested_def:
        async def k(x):
            def one_more():
                async def inner():
                    return await z(x) + 1  # noqa: F821

                return inner()

            return await one_more()

    class return_value_after_yield:
        async def g(x):
            yield x
            x += 1
            yield x

    class yield_from_in_async_def:
        def m(x):
            return (item async for item in gen(x))  # noqa: F821

    class async_with_in_def:
        async def h(x):
            async with door(x) as y:  # noqa: F821
                found = y
            return found

    class call_without_await:
        async def n(x):
            import asyncio

            task = asyncio.create_task(z(x))  # noqa: F821
            await task
            return x


def repaired():
    sources = {}
    for name, place in vars(Mended).items():
        if inspect.isclass(place):
            function = next(value for key, value in vars(place).items() if not key.startswith("__"))
            sources[name] = textwrap.dedent(inspect.getsource(function))
    return sources


def verdicts():
    everything = {name: Verdict.REFUSED for name in REFUSED}
    everything.update((name, Verdict.OK) for name in FINE)
    return everything


FINE = ["await_in_async_def", "await_in_default", "yield_in_async_def", "bare_return_after_yield"]
FINE += ["await_in_comprehension", "async_generator_expression_in_def", "await_in_generator_expression"]
FINE += ["call_without_await"]
REFUSED = ["await_in_def", "await_at_top_level", "await_in_lambda", "await_in_nested_def", "await_in_class_body"]
REFUSED += ["return_value_after_yield", "yield_from_in_async_def", "async_for_in_def", "async_with_in_def"]
REFUSED += ["await_as_a_name"]
