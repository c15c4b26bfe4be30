# kind: objects that lie
# tries: False for the sum of no digests
# exercise: 10_stay_cooperative
# outcome: FAIL wrong-type
import asyncio


async def checksum(blocks, digest):
    total = False
    for block in blocks:
        total += digest(block)
        await asyncio.sleep(0)
    return total
