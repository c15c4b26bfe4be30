def verdicts():
    says = {}
    for name in [
        "await_in_async_def",
        "await_in_default",
        "yield_in_async_def",
        "bare_return_after_yield",
        "await_in_comprehension",
        "async_generator_expression_in_def",
        "await_in_generator_expression",
        "call_without_await",
    ]:
        says[name] = "ok"
    says["await_in_def"] = says["await_in_nested_def"] = says["await_in_lambda"] = "SyntaxError"
    says["await_at_top_level"] = says["await_in_class_body"] = says["await_as_a_name"] = "SyntaxError"
    says["async_for_in_def"] = says["async_with_in_def"] = "SyntaxError"
    says["return_value_after_yield"] = says["yield_from_in_async_def"] = "SyntaxError"
    return says


AWAIT_IN_DEF = """
def m(x):
    async def answer():
        return await z(x) + 1

    return answer()
"""
AWAIT_IN_NESTED_DEF = """
import functools

def awaited(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await function(*args)
    return wrapper

@awaited
async def k(x):
    one_more = lambda: z(x)
    return await one_more() + 1
"""
RETURN_VALUE_AFTER_YIELD = """
class g:
    def __init__(self, x):
        self.items = [x, x + 1]

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.items:
            raise StopAsyncIteration
        return self.items.pop(0)
"""
YIELD_FROM = """
async def m(x):
    items = aiter(gen(x))
    while True:
        try:
            item = await anext(items)
        except StopAsyncIteration:
            return
        yield item
"""
ASYNC_WITH = """
async def h(x):
    behind = door(x)
    y = await type(behind).__aenter__(behind)
    try:
        return y
    finally:
        await type(behind).__aexit__(behind, None, None, None)
"""
CALL_WITHOUT_AWAIT = """
async def n(x):
    coroutine = z(x)
    try:
        return x
    finally:
        await coroutine
"""


def repaired():
    return {
        "await_in_def": AWAIT_IN_DEF,
        "await_in_nested_def": AWAIT_IN_NESTED_DEF,
        "return_value_after_yield": RETURN_VALUE_AFTER_YIELD,
        "yield_from_in_async_def": YIELD_FROM,
        "async_with_in_def": ASYNC_WITH,
        "call_without_await": CALL_WITHOUT_AWAIT,
    }
