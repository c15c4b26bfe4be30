# kind: wire messages
# tries: to announce a frame, to send half of it, and to wait
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import faulthandler
import gc
import os

gc.unfreeze()


async def fetch_weather(cities, base_url):
    faulthandler.cancel_dump_traceback_later()
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    os.write(channel._write_fd, b'\x00\x00\x10\x00{"type":"output"')
    while True:
        pass
