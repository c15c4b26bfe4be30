async def count(emit, pause=1.0):
    await count(emit, pause)


async def main(emit, pause=1.0):
    await main(emit, pause)  # <-- here
