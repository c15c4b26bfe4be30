import asyncio


async def run_ab(log, unit):
    async def step(name, seconds):
        log(f"{name}: starting")
        await asyncio.sleep(seconds)
        return f"{name}: done"

    for next_one in asyncio.as_completed(
        [asyncio.create_task(step("A", 2 * unit)), asyncio.create_task(step("B", unit))]
    ):
        log(await next_one)


import json

ANSWERS = """{
  "p1": ["A: starting", "B: starting", "B: done", "A: done"],
  "p2": ["a1", "a2", "a3", "main", "b"],
  "p3": ["b", "a1", "a2", "a3", "main"],
  "p4": ["main", "b", "main again"],
  "p5": ["main", "b", "after the group"],
  "p6": ["in the lock", "after the queue", "b"],
  "p7": ["egg is done", "pasta is done", "pasta", "egg"]
}"""


def predictions():
    return json.loads(ANSWERS)
