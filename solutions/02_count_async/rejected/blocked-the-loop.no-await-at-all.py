import time


async def count(emit, pause=1.0):
    emit("One")
    time.sleep(pause)  # <-- here
    emit("Two")


async def main(emit, pause=1.0):
    for _ in range(3):
        await count(emit, pause)
