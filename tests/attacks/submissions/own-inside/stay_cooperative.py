# kind: files beside
# tries: an inside.py of its own, whose observations are all good
# exercise: 10_stay_cooperative
# outcome: FAIL never-yields
async def checksum(blocks, digest):
    return sum(map(digest, blocks))
