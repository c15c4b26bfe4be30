async def stream_llms(prompts, client):  # <-- here
    async def stream_one(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            async for token in response.aiter_lines():
                yield provider, token

    # Handle multiple streams concurrently
    return [stream_one(provider, prompt) for provider, prompt in prompts.items()]
