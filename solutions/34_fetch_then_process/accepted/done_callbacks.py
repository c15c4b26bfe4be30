import asyncio


async def fetch_and_process(urls, fetch, process, *, pool):
    loop = asyncio.get_running_loop()
    answers = [loop.create_future() for _ in urls]

    def pass_on(future, answer):
        if answer.done() or future.cancelled():
            return
        if future.exception() is not None:
            answer.set_exception(future.exception())
        else:
            answer.set_result(future.result())

    def downloaded(task, answer):
        if task.cancelled() or task.exception():
            pass_on(task, answer)
            return
        job = asyncio.wrap_future(pool.submit(process, task.result()))
        job.add_done_callback(lambda job: pass_on(job, answer))

    downloads = []
    for url, answer in zip(urls, answers):
        task = loop.create_task(fetch(url))
        task.add_done_callback(lambda task, answer=answer: downloaded(task, answer))
        downloads.append(task)
    try:
        return await asyncio.gather(*answers)
    finally:
        for task in downloads:
            task.cancel()
        await asyncio.gather(*downloads, return_exceptions=True)
