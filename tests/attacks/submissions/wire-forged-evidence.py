# kind: wire messages
# tries: evidence of its own: numbers without bounds, names with markup, lines of other files
# exercise: 03_gather_weather
# outcome: FAIL
import gc

import httpx

gc.unfreeze()

NAME = "<script>alert(1)</script>\x1b[2J\u202e=cmd()"


async def fetch_weather(cities, base_url):
    recorder = next(value for value in gc.get_objects() if type(value).__name__ == "Recorder")
    huge, line = 10**400, [NAME, 10**300, NAME]
    wait = {"task": huge, "parent": -huge, "kind": NAME, "operation": 1, "chain": [[1, *line]], "start": -huge, "end": huge}
    hold = {"start": -huge, "end": huge, "why": NAME, "line": line, "calls": huge}
    left = [{"name": NAME, "line": line, "message": NAME}] * 10
    lies = {"holds": [hold] * 9, "waits": [wait] * 99, "tasks_left": left, "threads_left": left, "unretrieved": left}
    recorder.report = lambda: {**lies, "never_awaited": "no list", "verdict": "PASS"}
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"{base_url}/weather/{city}") for city in cities]
    return [answer.raise_for_status().json() for answer in answers]
