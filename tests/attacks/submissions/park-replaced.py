# kind: fake clocks
# tries: to replace the candidate's own waiting by one that returns at once
# exercise: 02_count_async
# outcome: FAIL
import asyncio
import gc

gc.unfreeze()


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    for clock in [value for value in gc.get_objects() if type(value).__name__ == "VirtualClock"]:
        real = clock.park

        def park(me, until, why, *, idle=False, clock=clock, real=real):
            if until is None:
                return real(me, until, why, idle=idle)
            clock._now = until
            return None

        clock.park = park
    for _ in range(3):
        await count(emit, pause)
