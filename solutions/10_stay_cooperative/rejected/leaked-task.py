import asyncio


async def checksum(blocks, digest):
    async def stay_awake():
        while True:
            await asyncio.sleep(0.001)

    asyncio.create_task(stay_awake())  # <-- here
    return await asyncio.to_thread(lambda: sum(map(digest, blocks)))
