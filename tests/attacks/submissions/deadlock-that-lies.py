# kind: never ends
# tries: to wait for ever, and to answer the question who waits where with objects that never answer
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio
import collections.abc


class Lies(collections.abc.Coroutine):
    def send(self, value):
        return asyncio.get_running_loop().create_future()

    def throw(self, *error):
        raise error[0]

    def close(self):
        pass

    def __await__(self):
        return self

    def __getattribute__(self, name):
        if name in ("cr_frame", "ag_frame", "gi_frame", "__qualname__", "cr_await"):
            while True:
                pass
        return object.__getattribute__(self, name)


async def fetch_weather(cities, base_url):
    loop = asyncio.get_running_loop()
    asyncio.Task(Lies(), loop=loop)
    await loop.create_future()
