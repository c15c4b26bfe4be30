# kind: exits and signals
# tries: to end the process from a thread, beside a call that waits
# exercise: 03_gather_weather
# outcome: FAIL exits
import asyncio
import os
import threading


async def fetch_weather(cities, base_url):
    threading.Thread(target=os._exit, args=[0]).start()
    await asyncio.sleep(1)
    return []
