import asyncio


async def stream_llms(prompts, client):
    """Backpressure: no model is read further than one token ahead of the reader."""
    queue = asyncio.Queue(maxsize=1)
    tasks = set()

    async def pump(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                await queue.put((provider, line))

    for provider, prompt in prompts.items():
        tasks.add(asyncio.create_task(pump(provider, prompt)))
    try:
        while tasks or not queue.empty():
            getter = asyncio.create_task(queue.get())
            try:
                done, _ = await asyncio.wait({getter, *tasks}, return_when=asyncio.FIRST_COMPLETED)
                if getter in done:
                    yield getter.result()
            finally:
                getter.cancel()
            for task in done - {getter}:
                tasks.discard(task)
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
