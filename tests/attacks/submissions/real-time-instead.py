# kind: fake clocks
# tries: to wait on the real clock, where the judge's does not move
# exercise: 02_count_async
# outcome: FAIL did-not-wait
import select


async def count(emit, pause=1.0):
    emit("One")
    select.select([], [], [], 0.001)
    emit("Two")


async def main(emit, pause=1.0):
    for _ in range(3):
        emit("One")
    select.select([], [], [], 0.001)
    for _ in range(3):
        emit("Two")
