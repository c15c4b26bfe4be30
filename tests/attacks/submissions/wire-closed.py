# kind: wire messages
# tries: to close every descriptor it has
# exercise: 03_gather_weather
# outcome: FAIL
import os


async def fetch_weather(cities, base_url):
    os.closerange(0, 4096)
    return []
