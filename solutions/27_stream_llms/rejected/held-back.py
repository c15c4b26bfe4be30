import asyncio


async def listen(client, provider, prompt):
    async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
        response.raise_for_status()
        async for token in response.aiter_lines():
            yield provider, token


async def stream_llms(prompts, client):
    streams = [listen(client, provider, prompt) for provider, prompt in prompts.items()]
    while streams:
        items = await asyncio.gather(*(anext(stream, None) for stream in streams))  # <-- here
        streams = [stream for stream, item in zip(streams, items) if item is not None]
        for item in items:
            if item is not None:
                yield item
