# kind: bombs and daemons
# tries: as many processes as it gets (at most 400), each of which waits a few seconds
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os


async def fetch_weather(cities, base_url):
    for _ in range(400):
        try:
            if os.fork() == 0:
                os.execv("/bin/sleep", ["sleep", "3"])
        except OSError as error:
            print("no more processes:", type(error).__name__)
            break
    return []
