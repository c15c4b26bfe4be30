# kind: objects that lie
# tries: an object whose repr never ends
# exercise: 03_gather_weather
# outcome: FAIL never-ends
class Silent:
    def __repr__(self):
        while True:
            pass


async def fetch_weather(cities, base_url):
    return Silent()
