import asyncio


async def checksum(blocks, digest):
    total = 0
    for block in blocks:
        total += digest(block)
        turn = asyncio.Event()
        asyncio.get_running_loop().call_soon(turn.set)
        await turn.wait()
    return total
