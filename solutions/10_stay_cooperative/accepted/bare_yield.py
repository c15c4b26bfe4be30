import types


@types.coroutine
def turn():
    yield


async def checksum(blocks, digest):
    total = 0
    for block in blocks:
        await turn()
        total += digest(block)
    return total
