# kind: wire messages
# tries: to announce a frame of four gigabytes, and to send it
# exercise: 03_gather_weather
# outcome: FAIL broke-the-channel
import gc
import os

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    os.write(channel._write_fd, b"\xff\xff\xff\xff")
    for _ in range(1000):
        os.write(channel._write_fd, b"x" * 65536)
    return []
