# kind: exits and signals
# tries: to crash the interpreter with the fault handler switched off
# exercise: 03_gather_weather
# outcome: FAIL crashed
import faulthandler
import os


async def fetch_weather(cities, base_url):
    faulthandler.disable()
    os.abort()
