import asyncio
import math

import anyio


async def stream_llms(prompts, client):
    send, receive = anyio.create_memory_object_stream(math.inf)

    async def pump(provider, prompt, mine):
        async with mine, client.stream("POST", f"{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                await mine.send((provider, line))

    async def all_pumps():
        async with send, anyio.create_task_group() as group:
            for provider, prompt in prompts.items():
                group.start_soon(pump, provider, prompt, send.clone())
            send.close()

    pumps = asyncio.create_task(all_pumps())
    try:
        async with receive:
            async for item in receive:
                yield item
        await pumps
    finally:
        pumps.cancel()
        await asyncio.gather(pumps, return_exceptions=True)
