import asyncio
import codecs
from contextlib import AsyncExitStack


async def tokens_of(response):
    decoder, rest = codecs.getincrementaldecoder("utf-8")(), ""
    async for chunk in response.aiter_raw():
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in lines:
            yield line


async def stream_llms(prompts, client):
    queue = asyncio.Queue()

    async def pump(provider, prompt):
        try:
            request = client.build_request("POST", f"/{provider}/generate", json={"prompt": prompt})
            response = await client.send(request, stream=True)
            try:
                response.raise_for_status()
                async for token in tokens_of(response):
                    queue.put_nowait((provider, token, None))
            finally:
                await response.aclose()
        except Exception as error:
            queue.put_nowait((provider, None, error))
        finally:
            queue.put_nowait(None)

    async def stop(task):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with AsyncExitStack() as stack:
        for provider, prompt in prompts.items():
            stack.push_async_callback(stop, asyncio.create_task(pump(provider, prompt)))
        ended = 0
        while ended < len(prompts):
            item = await queue.get()
            if item is None:
                ended += 1
                continue
            provider, token, error = item
            if error:
                raise error
            yield provider, token
