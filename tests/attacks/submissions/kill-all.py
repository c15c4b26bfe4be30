# kind: attacks on processes
# tries: to kill every process that it may
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import signal


async def fetch_weather(cities, base_url):
    os.kill(-1, signal.SIGKILL)
    return []
