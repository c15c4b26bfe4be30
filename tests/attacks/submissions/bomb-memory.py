# kind: bombs and daemons
# tries: memory, sixteen megabytes at a time, up to four gigabytes
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
async def fetch_weather(cities, base_url):
    kept = []
    for _ in range(256):
        kept.append(b"x" * (16 << 20))
    print("got it all")
    return []
