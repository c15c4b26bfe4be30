# kind: bombs and daemons
# tries: memory in eight processes at once, up to four gigabytes together, for three seconds
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import select


async def fetch_weather(cities, base_url):
    for _ in range(8):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            try:
                kept = [b"x" * (16 << 20) for _ in range(32)]
                select.select([], [], [], 3)
            finally:
                os._exit(0)
    select.select([], [], [], 1)
    return []
