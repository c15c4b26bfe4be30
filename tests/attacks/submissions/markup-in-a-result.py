# kind: markup in output
# tries: HTML, ANSI, bidi and a formula in what it returns
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
EVIL = "=1+1<script>alert(1)</script>\x1b[2J\u202e\u2067|`![x](javascript:alert(1))"


async def fetch_weather(cities, base_url):
    return [{EVIL: EVIL, "city": EVIL, "degrees": 20} for city in cities]
