# kind: bombs and daemons
# tries: all the descriptors that it gets (at most 200,000)
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import resource


async def fetch_weather(cities, base_url):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kept = []
    try:
        for _ in range(200_000):
            kept.append(os.dup(0))
    except OSError as error:
        print(len(kept), error.strerror)
    return []
