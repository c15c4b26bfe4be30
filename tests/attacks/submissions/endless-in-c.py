# kind: never ends
# tries: a loop inside of C code, which hears no signal, with the watch called off
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import faulthandler
import itertools


async def fetch_weather(cities, base_url):
    faulthandler.cancel_dump_traceback_later()
    return sum(itertools.repeat(0))
