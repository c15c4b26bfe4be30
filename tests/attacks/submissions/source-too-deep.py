# kind: never ends
# tries: a program that is a burden to whoever parses it: half a megabyte of comparisons
# exercise: 03_gather_weather
# outcome: FAIL
A = 1
B = A@@ < A * 130000@@


async def fetch_weather(cities, base_url):
    return []
