# kind: wire messages
# tries: a million lines of output, each a message of its own, past the cap
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import gc
import os

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    body = b'{"type":"output","text":"' + b"PASS " * 20 + b'"}'
    frames = (len(body).to_bytes(4, "big") + body) * 500
    for _ in range(2000):
        os.write(channel._write_fd, frames)
    return []
