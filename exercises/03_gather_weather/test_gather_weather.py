"""What the grader checks in 03 gather_weather."""

import asyncio
import random

import httpx
import pytest

from grader.expect import expect_equal

FUNCTIONS = {"fetch_weather": "async"}
URL = "https://weather.test"
CITIES = ["São Paulo", "New York", "Zürich", "Łódź", *(f"City {number}" for number in range(5, 51))]


class Weather:
    """A weather service. Every forecast is fresh, and takes as many delays as `slow` says (1 by default)."""

    def __init__(self, world, delay):
        self.delay, self.slow, self.broken = delay, {}, {}
        self.requests = []
        self.forecasts = {city: {"city": city, "degrees": random.randint(-20, 40)} for city in CITIES}
        world.router.get(host="weather.test", path__regex=r"^/weather/[^/]+$").mock(side_effect=self._answer)

    async def _answer(self, request):
        city = request.url.path.removeprefix("/weather/")
        self.requests.append(city)
        await asyncio.sleep(self.slow.get(city, 1) * self.delay)
        if city in self.broken or city not in self.forecasts:
            return httpx.Response(self.broken.get(city, 404), json={"detail": "no forecast"})
        return httpx.Response(200, json=self.forecasts[city])


@pytest.fixture
def weather(world, submission):
    return Weather(world, submission.delay)


async def one_delay(submission, weather):
    with submission.takes(1, at_most=3, serial=50):
        forecasts = await submission.fetch_weather(CITIES, URL)
        expect_equal(forecasts, list(weather.forecasts.values()), "the forecasts")


@pytest.mark.check(points=2)
async def test_one_delay(submission, weather):
    """Fifty requests take one delay."""
    await one_delay(submission, weather)


async def test_order(submission, weather):
    """Each city is asked for once, and answered in its place."""
    cities = CITIES[:6]
    weather.slow = dict(zip(cities, [3, 1, 2, 2.5, 0.5, 1.5]))
    forecasts = await submission.fetch_weather(cities, URL)
    expect_equal(forecasts, [weather.forecasts[city] for city in cities], "the forecasts")
    expect_equal(sorted(weather.requests), sorted(cities), "the requests")


@pytest.mark.parametrize("status", [404, 500])
async def test_errors(submission, weather, status):
    """An error answer is raised, not returned."""
    cities = random.sample(CITIES, 2)
    for city in random.sample([None, None, *cities], 4):
        weather.broken = {city: status}
        if city is None:
            forecasts = await submission.fetch_weather(cities, URL)
            expect_equal(forecasts, [weather.forecasts[name] for name in cities], "the forecasts")
            continue
        with submission.raises("HTTPStatusError", because=f"the service answered {status} for {city}"):
            await submission.fetch_weather(cities, URL)


async def test_one_client(submission, weather):
    """One client serves all requests, and is closed."""
    forecasts = await submission.fetch_weather(CITIES[:10], URL)
    expect_equal(forecasts, [weather.forecasts[city] for city in CITIES[:10]], "the forecasts")
    await submission.opens_one_client()


async def test_second_run(submission, weather):
    """A second asyncio.run() works as the first."""
    cities = CITIES[:30]
    for _ in range(2):
        forecasts = await submission.fetch_weather(cities, URL)
        expect_equal(forecasts, [weather.forecasts[city] for city in cities], "the forecasts")
        await submission.new_loop()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission, weather):
    """And so on the real clock."""
    await one_delay(submission, weather)
