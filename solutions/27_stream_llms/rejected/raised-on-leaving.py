import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for token in response.aiter_lines():
                queue.put_nowait((provider, token))
        queue.put_nowait(None)

    async with asyncio.TaskGroup() as group:  # <-- here
        for item in prompts.items():
            group.create_task(pump(*item))
        left = len(prompts)
        while left:
            item = await queue.get()
            if item is None:
                left -= 1
            else:
                yield item
