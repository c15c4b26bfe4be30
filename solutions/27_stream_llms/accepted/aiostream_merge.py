from aiostream import stream


async def listen(client, provider, prompt):
    async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            yield provider, line


async def stream_llms(prompts, client):
    if not prompts:
        return
    merged = stream.merge(*(listen(client, provider, prompt) for provider, prompt in prompts.items()))
    async with merged.stream() as tokens:
        async for token in tokens:
            yield token
