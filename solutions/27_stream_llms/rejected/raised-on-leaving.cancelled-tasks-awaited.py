import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for token in response.aiter_lines():
                queue.put_nowait((provider, token))

    pumps = {asyncio.create_task(pump(*item)) for item in prompts.items()}
    try:
        while pumps or not queue.empty():
            getter = asyncio.create_task(queue.get())
            done, _ = await asyncio.wait(pumps | {getter}, return_when=asyncio.FIRST_COMPLETED)
            if getter in done:
                yield getter.result()
            else:
                getter.cancel()
            for task in done & pumps:
                pumps.remove(task)
                task.result()
    finally:
        for task in pumps:
            task.cancel()
            await task  # <-- here
