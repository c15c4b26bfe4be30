import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()
    left = len(prompts)

    async def pump(provider, prompt):
        nonlocal left
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                queue.put_nowait((provider, line))
        left -= 1
        if not left:
            queue.put_nowait(None)

    try:
        async with asyncio.TaskGroup() as group:
            for provider, prompt in prompts.items():
                group.create_task(pump(provider, prompt))
            while left or not queue.empty():
                item = await queue.get()
                if item is None:
                    break
                yield item
    except* GeneratorExit:
        pass
