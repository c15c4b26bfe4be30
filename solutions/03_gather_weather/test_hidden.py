"""What the grader checks in 03 gather_weather beside the checks that learners see."""

import asyncio
import random

import httpx

from grader.expect import expect_equal


def serve(world, host, cities):
    """Answer at *host* after a second, with a fresh forecast for each of *cities*; return the forecasts."""
    forecasts = {city: {"city": city, "degrees": random.randint(-20, 40)} for city in cities}

    async def answer(request):
        await asyncio.sleep(1)
        city = request.url.path.removeprefix("/weather/")
        return httpx.Response(200, json=forecasts[city]) if city in forecasts else httpx.Response(404)

    world.router.get(host=host, path__regex=r"^/weather/[^/]+$").mock(side_effect=answer)
    return forecasts


async def test_another_service(submission, world):
    """The service is the one that was named."""
    host = f"weather{random.randint(0, 10**6)}.test"
    given = serve(world, host, ["Oslo", "Lima"])
    expect_equal(await submission.fetch_weather(["Oslo", "Lima"], f"https://{host}"), list(given.values()), "the forecasts")


async def test_a_city_named_twice(submission, world):
    """A city that is named twice is answered twice."""
    cities = ["Quito", "Dakar", "Quito", "Turku"]
    given = serve(world, "weather.test", cities)
    forecasts = await submission.fetch_weather(cities, "https://weather.test")
    expect_equal(forecasts, [given[city] for city in cities], "the forecasts")
