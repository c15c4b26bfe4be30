import asyncio
import contextlib
import json


class Merged:
    """An async iterator by hand: __anext__ and aclose."""

    def __init__(self, prompts, client):
        self._client = client
        self._prompts = prompts
        self._tasks = None
        self._items = asyncio.Queue()

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._tasks is None:
            self._tasks = {asyncio.create_task(self._read(*pair)) for pair in self._prompts.items()}
        while True:
            if not self._tasks:
                raise StopAsyncIteration
            try:
                kind, value = await self._items.get()
            except BaseException:
                await self.aclose()
                raise
            if kind == "token":
                return value
            self._tasks.discard(value)
            if not value.cancelled() and value.exception():
                await self.aclose()
                raise value.exception()

    async def _read(self, provider, prompt):
        asyncio.current_task().add_done_callback(lambda task: self._items.put_nowait(("ended", task)))
        body = json.dumps({"prompt": prompt}).encode()
        async with self._client.stream("POST", f"/{provider}/generate", content=body) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                self._items.put_nowait(("token", (provider, line)))

    async def aclose(self):
        tasks, self._tasks = self._tasks or set(), set()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(BaseException):
                await task


def stream_llms(prompts, client):
    return Merged(prompts, client)
