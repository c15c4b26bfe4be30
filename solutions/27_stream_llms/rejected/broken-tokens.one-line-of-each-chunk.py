import asyncio


async def stream_llms(prompts, client):
    q = asyncio.Queue()

    async def run(provider, prompt):
        buf = ""
        try:
            async with client.stream("POST", "/" + provider + "/generate", json={"prompt": prompt}) as resp:
                if resp.status_code >= 400:
                    await resp.aread()
                    resp.raise_for_status()
                async for text in resp.aiter_text():  # <-- here
                    buf += text
                    if "\n" in buf:
                        line, buf = buf.split("\n", 1)
                        await q.put((provider, line))
        except Exception as e:
            await q.put(e)
        finally:
            await q.put(None)

    tasks = [asyncio.create_task(run(p, t)) for p, t in prompts.items()]
    n = len(tasks)
    try:
        while n:
            item = await q.get()
            if item is None:
                n -= 1
                continue
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        for t in tasks:
            t.cancel()
        await asyncio.wait(tasks) if tasks else None
