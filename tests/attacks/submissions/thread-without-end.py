# kind: never ends
# tries: a right answer, and a thread that goes on for ever under a name of the grader's own
# exercise: 02_count_async
# outcome: FAIL
import asyncio
import threading


def work():
    while True:
        pass


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    threading.Thread(target=work, name="wire").start()
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
