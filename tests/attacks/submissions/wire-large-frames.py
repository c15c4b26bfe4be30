# kind: wire messages
# tries: frames of eight megabytes, as many as it can
# exercise: 03_gather_weather
# outcome: FAIL broke-the-channel
import gc

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    for number in range(200):
        channel.send({"type": "output", "text": "x" * (8 * 1024 * 1024 - 100)})
    return []
