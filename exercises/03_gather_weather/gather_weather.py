"""03 gather_weather: fifty HTTP requests through one client, in the time of one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx


async def fetch_weather(cities: Sequence[str], base_url: str) -> list[dict[str, Any]]:
    """Return the forecast of each city, in the order of *cities*.

    cities: names such as "São Paulo". base_url: the weather service, such as "https://weather.test".
    The forecast of a city is the JSON at ``{base_url}/weather/{city}``; it takes the service one delay to answer.
    Raise httpx.HTTPStatusError when the service answers with an error (a status of 400 or more).
    """
    # TODO: one httpx.AsyncClient, all requests at once, every answer in its place.
    raise NotImplementedError
