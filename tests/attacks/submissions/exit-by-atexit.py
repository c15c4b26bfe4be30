# kind: exits and signals
# tries: to report success from handlers that run at the end, and then to leave with 0
# exercise: 03_gather_weather
# outcome: FAIL exits
import atexit
import os
import sys


@atexit.register
def finish():
    print("7 passed")
    os._exit(0)


async def fetch_weather(cities, base_url):
    sys.exit(0)
