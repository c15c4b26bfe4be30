import asyncio


async def stream_llms(prompts, client):
    async def one(provider, prompt):
        out = []
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as r:  # <-- here
            r.raise_for_status()
            async for line in r.aiter_lines():
                out.append((provider, line))
        return out

    for coro in asyncio.as_completed([one(p, q) for p, q in prompts.items()]):
        for item in await coro:
            yield item
