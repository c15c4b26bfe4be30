# kind: wire messages
# tries: the error that a check waits for, told by the channel itself instead of raised
# exercise: 03_gather_weather
# outcome: FAIL raised
import gc

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    error = {"types": ["httpx.HTTPStatusError"], "message": "404", "frames": [], "syntax": None, "leaves": []}
    for number in range(100):
        channel.send({"type": "failed", "id": number, "error": error})
