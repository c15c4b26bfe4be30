# kind: never ends
# tries: to swallow every cancellation, and to wait on
# exercise: 02_count_async
# outcome: FAIL
import asyncio


async def count(emit, pause=1.0):
    await main(emit, pause)


async def main(emit, pause=1.0):
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass
