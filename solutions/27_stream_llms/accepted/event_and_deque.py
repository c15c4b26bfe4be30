import asyncio
from collections import deque


async def stream_llms(prompts, client):
    tokens, news = deque(), asyncio.Event()
    errors = []

    async def pump(provider, prompt):
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
                response.raise_for_status()
                async for line in response.aiter_lines():
                    tokens.append((provider, line))
                    news.set()
        except Exception as error:
            errors.append(error)
        finally:
            news.set()

    pumps = [asyncio.create_task(pump(*item), name=item[0]) for item in prompts.items()]
    try:
        while True:
            while tokens:
                yield tokens.popleft()
            if errors:
                raise errors[0]
            if all(task.done() for task in pumps):
                return
            await news.wait()
            news.clear()
    finally:
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
