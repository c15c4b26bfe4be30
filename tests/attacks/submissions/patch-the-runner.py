# kind: patching
# tries: event loops that can neither be opened nor closed in an orderly way
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio


def closed(self):
    raise RuntimeError("this loop stays open")


asyncio.Runner.__enter__ = closed


async def fetch_weather(cities, base_url):
    asyncio.BaseEventLoop.shutdown_asyncgens = asyncio.BaseEventLoop.close = closed
    return []
