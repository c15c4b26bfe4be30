import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        rest = ""
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                *tokens, rest = (rest + chunk.decode()).split("\n")  # <-- here
                for token in tokens:
                    queue.put_nowait((provider, token))

    async def all_of_them():
        try:
            await asyncio.gather(*(pump(*item) for item in prompts.items()))
        finally:
            queue.put_nowait(None)

    pumps = asyncio.create_task(all_of_them())
    try:
        while item := await queue.get():
            yield item
        await pumps
    finally:
        pumps.cancel()
        await asyncio.gather(pumps, return_exceptions=True)
