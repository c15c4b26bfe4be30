# kind: bombs and daemons
# tries: threads that wait, as many as it gets (at most 3,000)
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import _thread
import time


async def fetch_weather(cities, base_url):
    try:
        for _ in range(3000):
            _thread.start_new_thread(time.sleep, (3,))
    except RuntimeError as error:
        print(error)
    return []
