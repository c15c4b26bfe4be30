import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    jobs = asyncio.Queue()
    for _ in range(3):
        jobs.put_nowait(count)

    async def worker():
        while True:
            job = await jobs.get()
            await job(emit, pause)
            jobs.task_done()

    workers = [asyncio.create_task(worker()) for _ in range(3)]
    await jobs.join()
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
