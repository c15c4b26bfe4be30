import asyncio


async def stream_llms(prompts, client):
    tokens = []

    async def collect(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for token in response.aiter_lines():
                tokens.append((provider, token))

    await asyncio.gather(*(collect(provider, prompt) for provider, prompt in prompts.items()))
    for item in tokens:
        yield item  # <-- here
