import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    time.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    for w in ["One"] * 3:
        emit(w)
    time.sleep(pause)  # <-- here
    for w in ["Two"] * 3:
        emit(w)
