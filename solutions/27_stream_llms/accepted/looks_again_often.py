import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}, timeout=None) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                queue.put_nowait((provider, line))

    pumps = [asyncio.create_task(pump(provider, prompt)) for provider, prompt in prompts.items()]
    try:
        while True:
            ended = [task for task in pumps if task.done()]
            while not queue.empty():
                yield queue.get_nowait()
            for task in ended:
                await task
            if len(ended) == len(pumps):
                return
            await asyncio.sleep(0.005)
    finally:
        [task.cancel() for task in pumps]
        await asyncio.gather(*pumps, return_exceptions=True)
