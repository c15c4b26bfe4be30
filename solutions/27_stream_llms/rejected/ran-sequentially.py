async def stream_llms(prompts, client):
    for provider, prompt in prompts.items():
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for token in response.aiter_lines():  # <-- here
                yield provider, token
