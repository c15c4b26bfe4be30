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


def repaired():
    return {
        "await_in_def": """
class m:
    def __init__(self, x):
        self.x = x

    def __await__(self):
        y = yield from z(self.x).__await__()
        return y + 1
""",
        "await_in_nested_def": """
async def k(x):
    class Inner:
        async def one_more(self):
            return await z(x) + 1
    return await Inner().one_more()
""",
        "return_value_after_yield": """
async def twice(x):
    yield x
    yield x

def g(x):
    async def numbers():
        difference = 0
        async for item in twice(x):
            yield item + difference
            difference += 1
    return numbers()
""",
        "yield_from_in_async_def": "def m(x): return gen(x)",
        "async_with_in_def": """
import contextlib

@contextlib.asynccontextmanager
async def opened(x):
    async with door(x) as y:
        yield y

async def h(x):
    async with opened(x) as y:
        return y
""",
        "call_without_await": "async def n(x): return (await z(x), x)[-1]",
    }
