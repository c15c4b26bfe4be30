# kind: never ends
# tries: to go on for ever when the judge asks what is left
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import faulthandler


class Ends:
    def __init__(self):
        self.me = self

    def __del__(self):
        faulthandler.cancel_dump_traceback_later()
        while True:
            pass


async def fetch_weather(cities, base_url):
    Ends()
    return [{"city": city, "degrees": 20} for city in cities]
