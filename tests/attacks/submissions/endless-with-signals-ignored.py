# kind: never ends
# tries: to go on for ever with every signal ignored
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import contextlib
import faulthandler
import signal


async def fetch_weather(cities, base_url):
    for number in range(1, signal.NSIG):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    faulthandler.cancel_dump_traceback_later()
    while True:
        pass
