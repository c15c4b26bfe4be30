import asyncio


async def stream_llms(prompts, client):
    for p, q in prompts.items():
        response = await client.stream("POST", f"/{p}/generate", json=dict(prompt=q))  # <-- here
        async for line in response.aiter_lines():
            yield p, line
