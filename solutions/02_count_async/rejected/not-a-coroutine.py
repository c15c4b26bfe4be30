import time


def count(emit, pause=1.0):
    emit("One")
    time.sleep(pause)
    emit("Two")


def main(emit, pause=1.0):  # <-- here
    for _ in range(3):
        count(emit, pause)
