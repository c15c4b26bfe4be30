"""Reads the learner's stream as a caller does: in one task, with a client of its own."""

import httpx


async def stream_llms(module, prompts, base_url, reader):
    """Read until ``await reader.hears(item)`` says that it is enough; return what is wrong with the stream, or None.

    ``reader.leaves(...)`` is told how many answers are open when the stream has been closed, and whether the client is.
    """
    answers = []

    async def note(response):
        answers.append(response)

    async with httpx.AsyncClient(base_url=base_url, event_hooks={"response": [note]}) as client:
        stream = module.stream_llms(prompts, client)
        if hasattr(stream, "__await__"):
            return f"coroutine that returned a {type(await stream).__name__}"
        if not hasattr(stream, "__aiter__"):
            return type(stream).__name__
        tokens = aiter(stream)
        try:
            async for item in tokens:
                if not await reader.hears(item):
                    break
        finally:
            fault = await _leave(tokens)
            reader.leaves(sum(not answer.is_closed for answer in answers), client.is_closed)
        return fault


async def _leave(tokens):
    if not hasattr(tokens, "aclose"):
        return f"{type(tokens).__name__} without aclose"
    try:
        await tokens.aclose()
    except BaseExceptionGroup as group:
        if group.subgroup(GeneratorExit) is None:
            raise
        return f"stream whose aclose() raised {group!r}"
    return None
