# kind: exits and signals
# tries: to look like Ctrl-C of the instructor's
# exercise: 03_gather_weather
# outcome: FAIL raised
async def fetch_weather(cities, base_url):
    raise KeyboardInterrupt
