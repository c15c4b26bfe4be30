import threading
import time


def blocking_count(emit, pause):
    emit("One")
    time.sleep(pause)
    emit("Two")


async def count(emit, pause=1.0):
    thread = threading.Thread(target=blocking_count, args=(emit, pause))
    thread.start()
    thread.join()


async def main(emit, pause=1.0):
    threads = [threading.Thread(target=blocking_count, args=(emit, pause)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # <-- here
