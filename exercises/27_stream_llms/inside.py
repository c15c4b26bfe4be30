"""Reads the learner's stream as a caller does: in one task, with a client of its own."""

import httpx


async def stream_llms(module, prompts, base_url, hears, leaves):
    """Read until ``await hears(item)`` says that it is enough; return what is wrong with the stream, or None.

    What is wrong: a code, and what was seen. ``leaves(...)`` is told how many answers are not closed when the stream
    has been, and whether the client is closed.
    """
    answers = []

    async def note(response):
        answers.append(response)

    async with httpx.AsyncClient(base_url=base_url, event_hooks={"response": [note]}) as client:
        stream = module.stream_llms(prompts, client)
        if hasattr(stream, "__await__"):
            return "not-a-stream", f"stream_llms() returned a coroutine; awaited, it gave {_kind(await stream)}."
        if not hasattr(stream, "__aiter__"):
            return "not-a-stream", f"stream_llms() returned {_kind(stream)}."
        tokens = aiter(stream)
        try:
            async for item in tokens:
                if not await hears(item):
                    break
        finally:
            fault = await _leave(tokens)
            leaves(sum(not answer.is_closed for answer in answers), client.is_closed)
        return fault


def _kind(thing):
    return "None" if thing is None else f"an object of the type {type(thing).__name__}"


async def _leave(tokens):
    if not hasattr(tokens, "aclose"):
        return "no-aclose", f"stream_llms() returned {_kind(tokens)}, which has no aclose()."
    try:
        await tokens.aclose()
    except BaseExceptionGroup as group:
        if group.subgroup(GeneratorExit) is None:
            raise
        return "raised-on-leaving", f"the reader left, and aclose() raised {group!r}."
    return None
