# kind: objects that lie
# tries: a number that cannot be printed in decimal digits
# exercise: 03_gather_weather
# outcome: FAIL wrong-type
async def fetch_weather(cities, base_url):
    return 10 ** 50_000
