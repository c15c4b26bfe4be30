"""27 stream_llms: the reference solution."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx


async def stream_llms(prompts: Mapping[str, str], client: httpx.AsyncClient) -> AsyncIterator[tuple[str, str]]:
    """Ask every provider at once; yield (provider, token) for each token, as soon as it has arrived."""
    # Whatever a pump has to say goes through one queue, in order: a token, an error, or that it has ended.
    queue: asyncio.Queue[tuple[str, str] | Exception | None] = asyncio.Queue()

    async def pump(provider: str, prompt: str) -> None:
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
                response.raise_for_status()
                # Lines, not chunks: the network cuts where it likes, even inside a character.
                async for token in response.aiter_lines():
                    queue.put_nowait((provider, token))
        except Exception as error:
            queue.put_nowait(error)
        else:
            queue.put_nowait(None)

    pumps = [asyncio.create_task(pump(provider, prompt)) for provider, prompt in prompts.items()]
    try:
        running = len(pumps)
        while running:
            item = await queue.get()
            if item is None:
                running -= 1
            elif isinstance(item, Exception):
                raise item
            else:
                yield item
    finally:
        # The reader may leave at the `yield`. A cancelled task has not ended yet: wait until each has closed its answer.
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
