import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
                response.raise_for_status()  # <-- here
                async for token in response.aiter_lines():
                    queue.put_nowait((provider, token))
        finally:
            queue.put_nowait(None)

    pumps = [asyncio.create_task(pump(*item)) for item in prompts.items()]
    try:
        left = len(pumps)
        while left:
            item = await queue.get()
            if item is None:
                left -= 1
            else:
                yield item
    finally:
        running = [task for task in pumps if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
