# kind: never ends
# tries: a line on which a search for words takes the judge minutes, and a mistake that makes it look
# exercise: 27_stream_llms
# outcome: FAIL swallowed-cancellation
WORDS = "@@suppress( * 20000@@"
import asyncio


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        try:
            async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
                response.raise_for_status()
                async for token in response.aiter_lines():
                    queue.put_nowait((provider, token))
            queue.put_nowait(None)
        except Exception as error:
            queue.put_nowait(error)

    pumps = [asyncio.create_task(pump(*item)) for item in prompts.items()]
    try:
        left = len(pumps)
        while left:
            item = await queue.get()
            if isinstance(item, Exception):
                raise item
            if item is None:
                left -= 1
            else:
                yield item
    except asyncio.CancelledError:  
        pass
    finally:
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
