# kind: objects that lie
# tries: NaN and infinity, which compare as nothing else does
# exercise: 10_stay_cooperative
# outcome: FAIL wrong-result
import asyncio


async def checksum(blocks, digest):
    for block in blocks:
        digest(block)
        await asyncio.sleep(0)
    return float("nan") if len(blocks) % 2 else float("inf")
