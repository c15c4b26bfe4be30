import asyncio


async def produce(queue):
    for number in range(8):
        await asyncio.sleep(0.2)
        await queue.put(number)


async def consume(queue, name):
    while True:
        item = await queue.get()
        await asyncio.sleep(0.5)
        print(name, item)
        queue.task_done()


async def main():
    queue = asyncio.Queue()
    workers = [asyncio.create_task(consume(queue, n), name=f"worker {n}") for n in range(2)]
    await produce(queue)
    await queue.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


asyncio.run(main())
