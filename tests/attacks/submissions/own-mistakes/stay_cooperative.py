# kind: files beside
# tries: a mistakes.toml and a test of its own that know no mistake
# exercise: 10_stay_cooperative
# outcome: FAIL never-yields
async def checksum(blocks, digest):
    return sum(map(digest, blocks))
