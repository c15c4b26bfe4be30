# kind: bombs and daemons
# tries: processes that start processes, seven deep
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import select


async def fetch_weather(cities, base_url):
    me = os.getpid()
    for _ in range(8):
        try:
            os.fork()
        except OSError:
            pass
    if os.getpid() != me:
        select.select([], [], [], 3)
        os._exit(0)
    return []
