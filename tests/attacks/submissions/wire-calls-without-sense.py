# kind: wire messages
# tries: calls of the judge's function with values of no sense, under numbers that nobody gave out
# exercise: 02_count_async
# outcome: FAIL
import asyncio
import gc

gc.unfreeze()

VALUES = [{"x": 1}, {"set": [[]]}, {"int": "zz"}, {"float": "1e999"}, {"opaque": {"type": 1, "text": [], "kind": None}}, {"namespace": {"a": 1}}, {"bytes": "!"}]


async def count(emit, pause=1.0):
    await main(emit, pause)


async def main(emit, pause=1.0):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    ask = {"type": "ask", "callable": 1, "args": [], "kwargs": {}, "line": None}
    for number, value in enumerate(VALUES):
        channel.send({**ask, "id": 1000 + number, "args": [value]})
        channel.send({**ask, "id": 2000 + number, "kwargs": {"word": value, "": value}})
        channel.send({**ask, "id": -number, "callable": 10**6 * number})
    await asyncio.sleep(pause)
