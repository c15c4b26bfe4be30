# kind: bombs and daemons
# tries: processor time in eight processes at once, for ten seconds
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import resource


async def fetch_weather(cities, base_url):
    for _ in range(8):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
            while True:
                pass
    return []
