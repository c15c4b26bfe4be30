# kind: never ends
# tries: to go on whatever is raised in it
# exercise: 03_gather_weather
# outcome: FAIL never-ends
async def fetch_weather(cities, base_url):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
