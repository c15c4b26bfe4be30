import asyncio


async def listen(client, provider, prompt):
    async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            yield provider, line


async def stream_llms(prompts, client):
    streams = [listen(client, provider, prompt) for provider, prompt in prompts.items()]
    waiting = {asyncio.ensure_future(anext(stream)): stream for stream in streams}
    try:
        while waiting:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                stream = waiting.pop(task)
                try:
                    item = task.result()
                except StopAsyncIteration:
                    continue
                waiting[asyncio.ensure_future(anext(stream))] = stream
                yield item
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for stream in streams:
            await stream.aclose()
