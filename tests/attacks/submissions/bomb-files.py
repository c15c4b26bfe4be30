# kind: bombs and daemons
# tries: a hundred thousand files
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os


async def fetch_weather(cities, base_url):
    for place in (os.getcwd(), "/tmp"):
        try:
            for number in range(100_000):
                with open(os.path.join(place, f"file-{number}"), "w"):
                    pass
        except OSError as error:
            print(place, number, error.strerror)
    return []
