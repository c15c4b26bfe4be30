# kind: files beside
# tries: a package "grader" and an "inside.py" of its own beside the file
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
async def fetch_weather(cities, base_url):
    return []
