# kind: wire messages
# tries: NaN and Infinity where numbers belong
# exercise: 03_gather_weather
# outcome: FAIL broke-the-channel
import gc
import os

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    body = b'{"type":"done","id":1,"how":"returned","value":[NaN,Infinity,-Infinity,1e999],"line":null}'
    os.write(channel._write_fd, len(body).to_bytes(4, "big") + body)
    return []
