import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def worker(provider, prompt):
        rest = ""
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as r:
                r.raise_for_status()
                async for b in r.aiter_bytes():  # <-- here
                    *ls, rest = (rest + b.decode("utf-8", "ignore")).split("\n")
                    for l in ls:
                        await queue.put((provider, l))
            await queue.put(None)
        except Exception as e:
            await queue.put(e)

    tasks = [asyncio.create_task(worker(p, q)) for p, q in prompts.items()]
    done = 0
    try:
        while done < len(tasks):
            item = await queue.get()
            if item is None:
                done += 1
                continue
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
