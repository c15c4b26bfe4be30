from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx


async def fetch_weather(cities: Sequence[str], base_url: str) -> list[dict[str, Any]]:
    """Return the forecast of each city, in the order of *cities*."""

    async def fetch(city: str) -> dict[str, Any]:
        response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        forecast: dict[str, Any] = response.json()
        return forecast

    # One client for all: it is expensive to build and shares its connections. It must stay open until the last
    # answer is in, so the gather is awaited inside the block.
    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(fetch(city) for city in cities))
