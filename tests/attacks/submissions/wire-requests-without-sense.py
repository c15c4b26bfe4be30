# kind: wire messages
# tries: requests whose parts are of all wrong kinds
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio
import gc

gc.unfreeze()

ODD = [None, True, -1, 10**9, "", "\x00\r\n", "x" * 70_000, [], {}, [[]], [["a"]], [["a", "b", "c"]], [[None, {}]], [["Host", "\r\nX: y"]]]
URLS = ["", "https://", "https://\x00", "https://a b/", "//", "https://weather.test:99999/", "https://xn--\u0080/", "https://[/", "data:,", "https://weather.test/weather/%", "https://" + "a" * 300 + "/"]


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    http = {"type": "http", "method": "GET", "url": base_url, "headers": [], "content": "", "client": 1, "line": None}
    number = 1000
    for name in http:
        for odd in ODD + URLS:
            if type(odd) is type(http[name]) and name != "type":
                number += 1
                channel.send({**http, name: odd, "id": number})
    for headers in ODD:
        if type(headers) is list:
            number += 1
            channel.send({**http, "headers": headers, "id": number})
    await asyncio.sleep(1)
    return []
