# kind: never ends
# tries: a thread that goes on, under a name that the grader's own threads have
# exercise: 02_count_async
# outcome: FAIL thread-left-running
import asyncio
import threading
import time


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    for name in ("wire", "watch", "MainThread"):
        threading.Thread(target=time.sleep, args=[1000], name=name, daemon=True).start()
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
