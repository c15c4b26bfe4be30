import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def worker(provider, prompt):
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as r:
                r.raise_for_status()
                async for line in r.aiter_lines():
                    await queue.put((provider, line))
        finally:
            await queue.put(None)

    tasks = [asyncio.create_task(worker(p, q)) for p, q in prompts.items()]
    done = 0
    try:
        while done < len(tasks):
            item = await queue.get()
            if item is None:
                done += 1
                continue
            yield item
        await asyncio.gather(*tasks)  # <-- here
    finally:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
