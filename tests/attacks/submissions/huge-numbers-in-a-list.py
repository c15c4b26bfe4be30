# kind: objects that lie
# tries: numbers that cannot be printed, where forecasts belong
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
async def fetch_weather(cities, base_url):
    return [{"city": city, "degrees": -(10 ** 5000)} for city in cities]
