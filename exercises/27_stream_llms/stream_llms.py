"""27 stream_llms: three streams of tokens in one, each token as it arrives; and leave in the middle, cleanly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx


def stream_llms(prompts: Mapping[str, str], client: httpx.AsyncClient) -> AsyncIterator[tuple[str, str]]:
    """Ask every provider at once; yield (provider, token) for each token, as soon as it has arrived.

    prompts: provider -> prompt, such as {"a": "Why is the sky blue?"}.
    client: knows the server's address; it belongs to the caller, who closes it.
    The request is POST /{provider}/generate with the JSON {"prompt": prompt}. The answer is streamed: UTF-8 text, one
    token on each line, every line ended by a newline.
    Raise httpx.HTTPStatusError when a provider answers with an error (a status of 400 or more).
    When the caller leaves early (aclose), or anything fails: close every answer before you return or raise.
    """
    # TODO: make it `async def`, with a `yield` for each token: that is an async generator.
    raise NotImplementedError
