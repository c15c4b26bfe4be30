# kind: exits and signals
# tries: to leave with 0 from the handler of a timer's signal
# exercise: 03_gather_weather
# outcome: FAIL exits
import os
import signal

signal.signal(signal.SIGALRM, lambda *_: os._exit(0))


async def fetch_weather(cities, base_url):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    while True:
        pass
