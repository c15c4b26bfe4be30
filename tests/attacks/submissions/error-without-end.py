# kind: objects that lie
# tries: exceptions that contain and cause one another without end
# exercise: 03_gather_weather
# outcome: FAIL raised
async def fetch_weather(cities, base_url):
    group = BaseExceptionGroup("all", [ValueError("<b>one</b>")])
    for _ in range(500):
        group = BaseExceptionGroup("all", [group, group])
    group.__cause__ = group
    raise group
