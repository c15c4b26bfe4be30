import asyncio
import queue
import threading


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    pages = queue.Queue()

    def feed():
        while (page := pages.get()) is not None:
            body, future = page
            pool.submit(process, body).add_done_callback(
                lambda job, future=future: loop.call_soon_threadsafe(give, job, future)
            )

    def give(job, future):
        if future.done() or job.cancelled():
            return
        if job.exception():
            future.set_exception(job.exception())
        else:
            future.set_result(job.result())

    async def one(url):
        future = loop.create_future()
        pages.put((await fetch(url), future))
        return await future

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(url)) for url in urls]
    finally:
        pages.put(None)
        feeder.join()
    return [task.result() for task in tasks]
