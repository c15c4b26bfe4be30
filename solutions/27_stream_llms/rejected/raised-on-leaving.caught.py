import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def worker(provider, prompt):
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as r:
                r.raise_for_status()
                async for line in r.aiter_lines():
                    await queue.put((provider, line))
            await queue.put(None)
        except Exception as e:
            await queue.put(e)

    tasks = [asyncio.create_task(worker(p, q)) for p, q in prompts.items()]
    done = 0
    while done < len(tasks):
        try:
            item = await queue.get()
            if item is None:
                done += 1
                continue
            if isinstance(item, Exception):
                raise item
            yield item
        except GeneratorExit:  # <-- here
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
