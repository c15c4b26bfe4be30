# kind: bombs and daemons
# tries: a daemon that outlives the run by twenty seconds, and holds on to every descriptor
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os


async def fetch_weather(cities, base_url):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sleep", ["onedelay-attack-daemon", "20"])
        os._exit(0)
    return []
