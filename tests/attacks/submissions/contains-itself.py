# kind: objects that lie
# tries: a list that contains itself
# exercise: 03_gather_weather
# outcome: FAIL wrong-type
async def fetch_weather(cities, base_url):
    forecasts = []
    forecasts.append(forecasts)
    return forecasts
