# kind: exits and signals
# tries: to be taken for a success by its exit code, while it is loaded
# exercise: 03_gather_weather
# outcome: FAIL exits
import os

os._exit(0)
