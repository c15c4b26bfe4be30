import asyncio


async def stream_llms(prompts, client):
    async def stream_one(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            async for token in response.aiter_lines():
                yield provider, token

    tasks = [stream_one(provider, prompt) for provider, prompt in prompts.items()]
    for item in await asyncio.gather(*tasks):  # <-- here
        yield item
