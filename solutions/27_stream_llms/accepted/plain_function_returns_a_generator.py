import asyncio


def stream_llms(prompts, client):
    async def one(provider, prompt):
        async with client.stream("POST", f"/{provider}/generate", json={"prompt": prompt}) as response:
            response.raise_for_status()
            async for token in response.aiter_lines():
                yield provider, token

    return merge([one(provider, prompt) for provider, prompt in prompts.items()])


async def merge(streams):
    """Merge any async generators."""
    queue = asyncio.Queue()

    async def pump(stream):
        try:
            async for item in stream:
                await queue.put(("item", item))
            await queue.put(("end", None))
        except Exception as error:
            await queue.put(("error", error))

    tasks = [asyncio.create_task(pump(stream)) for stream in streams]
    try:
        open_streams = len(streams)
        while open_streams:
            match await queue.get():
                case ("item", item):
                    yield item
                case ("end", _):
                    open_streams -= 1
                case ("error", error):
                    raise error
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except asyncio.CancelledError:
                pass
        for stream in streams:
            await stream.aclose()
