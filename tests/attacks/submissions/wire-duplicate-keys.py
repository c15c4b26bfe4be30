# kind: wire messages
# tries: a message with two ids and two types
# exercise: 03_gather_weather
# outcome: FAIL broke-the-channel
import gc
import os

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    body = b'{"type":"output","type":"done","id":1,"id":2,"how":"returned","value":[],"line":null}'
    os.write(channel._write_fd, len(body).to_bytes(4, "big") + body)
    return []
