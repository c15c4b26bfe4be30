# kind: exits and signals
# tries: to vanish by SIGKILL in the middle of a call
# exercise: 03_gather_weather
# outcome: FAIL crashed
import os
import signal


async def fetch_weather(cities, base_url):
    os.kill(os.getpid(), signal.SIGKILL)
