# kind: bombs and daemons
# tries: to print two hundred megabytes, by Python and past it
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os


async def fetch_weather(cities, base_url):
    line = b"PASS" * 4096 + b"\n"
    for _ in range(6000):
        print(line.decode(), end="")
        for fd in (1, 2):
            os.write(fd, line)
    return []
