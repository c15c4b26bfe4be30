# kind: fake clocks
# tries: to hold the loop while threads do the work, with the recorder of holds switched off
# exercise: 03_gather_weather
# outcome: FAIL blocked-the-loop
# gap: only the candidate sees its loop held, and code that looks for the grader's objects in its process can lie for it
import gc
from concurrent.futures import ThreadPoolExecutor

import httpx

gc.unfreeze()


async def fetch_weather(cities, base_url):
    for clock in [value for value in gc.get_objects() if type(value).__name__ == "VirtualClock"]:
        clock.on_hold = lambda *args: None
    with httpx.Client() as client, ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda city: client.get(f"{base_url}/weather/{city}"), cities))
    return [answer.raise_for_status().json() for answer in answers]
