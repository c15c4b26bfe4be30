# kind: wire messages
# tries: texts that are no text: lone surrogates in output, values, urls, names and lines
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio
import gc

gc.unfreeze()

BAD = "\ud800\udfff\udc80"


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    channel.send({"type": "output", "text": BAD})
    channel.send({"type": "client", "client": 1, "event": BAD, "line": [BAD, 1]})
    http = {"type": "http", "method": "GET", "url": base_url + BAD, "headers": [], "content": "", "client": 1, "line": [BAD, 1]}
    for number, more in enumerate([{}, {"method": BAD, "url": base_url}, {"headers": [[BAD, BAD]], "url": base_url}, {"content": BAD}]):
        channel.send({**http, "id": 1000 + number, **more})
    await asyncio.sleep(1)
    print(BAD)
    return [{"city": BAD, BAD: city} for city in cities]
