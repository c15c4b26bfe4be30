# kind: wire messages
# tries: to close its end of the channel, so that it looks ended, and to live on
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import faulthandler
import gc
import os

gc.unfreeze()
channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")


async def fetch_weather(cities, base_url):
    faulthandler.cancel_dump_traceback_later()
    os.close(channel._write_fd)
    while True:
        pass
