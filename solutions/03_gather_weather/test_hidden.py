"""What the grader checks in 03 gather_weather beside the checks that learners see."""

import asyncio
import random

import httpx

from grader.expect import expect_equal


async def test_another_service(submission, world):
    """The named service is asked, and a city twice if named so."""
    cities = ["Quito", "Dakar", "Quito", "Turku"]
    forecasts = {city: {"city": city, "degrees": random.randint(-20, 40)} for city in cities}

    async def answer(request):
        await asyncio.sleep(1)
        city = request.url.path.removeprefix("/weather/")
        return httpx.Response(200, json=forecasts[city]) if city in forecasts else httpx.Response(404)

    host = f"weather{random.randint(0, 10**6)}.test"
    world.router.get(host=host, path__regex=r"^/weather/[^/]+$").mock(side_effect=answer)
    answers = await submission.fetch_weather(cities, f"https://{host}")
    expect_equal(answers, [forecasts[city] for city in cities], "the forecasts")
