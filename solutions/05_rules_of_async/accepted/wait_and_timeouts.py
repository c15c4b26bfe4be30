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


REPAIRED = {
    "await_in_def": """
import asyncio

async def m(x):
    return await asyncio.wait_for(z(x), 100) + 1
""",
    "await_in_nested_def": """
import asyncio

async def k(x):
    future = asyncio.get_running_loop().create_future()
    def done(task):
        future.set_result(task.result() + 1)
    asyncio.ensure_future(z(x)).add_done_callback(done)
    return await future
""",
    "return_value_after_yield": """
import itertools

async def g(x):
    for item in itertools.islice(itertools.count(x), 2):
        yield item
""",
    "yield_from_in_async_def": """
async def m(x):
    for item in [item async for item in gen(x)]:
        yield item
""",
    "async_with_in_def": """
async def h(x, **_):
    async with door(x) as first: pass
    return first
""",
    "call_without_await": """
import asyncio

async def n(x):
    await asyncio.wait([asyncio.create_task(z(x))])
    return x
""",
}


def repaired():
    return REPAIRED.copy()
