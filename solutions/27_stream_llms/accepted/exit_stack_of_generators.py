import asyncio
from contextlib import aclosing, AsyncExitStack


async def one(client, provider, prompt):
    async with client.stream("POST", f"/{provider}/generate", json=dict(prompt=prompt)) as r:
        r.raise_for_status()
        async for line in r.aiter_lines():
            if line:
                yield provider, line


async def stream_llms(prompts, client):
    async with AsyncExitStack() as stack:
        pending = {}

        async def stop():
            for t in pending:
                t.cancel()
            if pending:
                await asyncio.wait(pending)

        gens = [await stack.enter_async_context(aclosing(one(client, p, q))) for p, q in prompts.items()]
        stack.push_async_callback(stop)
        for g in gens:
            pending[asyncio.create_task(g.__anext__())] = g
        while pending:
            done, _ = await asyncio.wait(pending, return_when="FIRST_COMPLETED")
            for t in done:
                g = pending.pop(t)
                try:
                    item = t.result()
                except StopAsyncIteration:
                    continue
                yield item
                pending[asyncio.create_task(g.__anext__())] = g
