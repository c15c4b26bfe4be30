import asyncio, contextlib


async def stream_llms(prompts, client):
    queue = asyncio.Queue(1)

    async def pump(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as r:
            r.raise_for_status()
            async for line in r.aiter_lines():
                await queue.put((provider, line))

    async def all():
        tasks = [asyncio.create_task(pump(*x)) for x in prompts.items()]
        try:
            await asyncio.gather(*tasks)
            await queue.put(None)
        except Exception as e:
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await queue.put(e)
        except asyncio.CancelledError:
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    main = asyncio.create_task(all())
    try:
        while True:
            item = await queue.get()
            if item is None:
                break
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        main.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await main
