import asyncio

DONE = object()


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                await queue.put((provider, line))

    async def run():
        try:
            async with asyncio.TaskGroup() as group:
                for provider, prompt in prompts.items():
                    group.create_task(pump(provider, prompt))
        finally:
            queue.put_nowait(DONE)

    runner = asyncio.create_task(run())
    try:
        while (item := await queue.get()) is not DONE:
            yield item
        await runner
    finally:
        runner.cancel()
        await asyncio.wait([runner])
