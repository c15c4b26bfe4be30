# kind: reading secrets
# tries: to copy what other students have handed in
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import glob
import os


async def fetch_weather(cities, base_url):
    here = os.path.abspath(__file__)
    patterns = ["../*/*", "../../*/*", "../../*/*/*", "/tmp/onedelay-*/*/*", "/proc/[0-9]*/cwd/*", "/proc/[0-9]*/root/tmp/*/*/*"]
    for pattern in patterns:
        for name in glob.glob(os.path.join(os.path.dirname(here), pattern)):
            if os.path.isfile(name) and os.path.realpath(name) != os.path.realpath(here):
                try:
                    print(name, open(name, errors="replace").read(500))
                except OSError:
                    pass
    return []
