from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx


async def fetch_weather(towns: Sequence[str], base_url: str) -> list[dict[str, Any]]:
    """Return the forecast of each town, in the order of *towns*."""

    async def fetch(town: str) -> dict[str, Any]:
        reply = await session.get(f"{base_url}/weather/{town}")
        reply.raise_for_status()
        forecast: dict[str, Any] = reply.json()
        return forecast

    async with httpx.AsyncClient() as session:
        return await asyncio.gather(*(fetch(town) for town in towns))
