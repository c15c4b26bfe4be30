# kind: never ends
# tries: to go on for ever while it is loaded
# exercise: 03_gather_weather
# outcome: FAIL never-ends
while True:
    pass
