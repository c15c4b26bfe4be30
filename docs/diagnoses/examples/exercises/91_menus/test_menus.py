"""What is checked in 91 menus, the task of the examples with HTTP. Nothing is random: each run tells the same."""

import asyncio

import httpx
import pytest

from grader.expect import expect_equal

FUNCTIONS = {"menus": "async"}
URL = "https://canteen.test"
MENUS = {"mon": "soup", "tue": "rice", "wed": "pie", "thu": "stew", "fri": "fish"}


@pytest.fixture
def canteen(world, submission):
    async def answer(request):
        await asyncio.sleep(submission.delay)
        return httpx.Response(200, text=MENUS[request.url.path.rpartition("/")[2]])

    world.router.get(host="canteen.test", path__regex="^/menu/(mon|tue|wed|thu|fri)$").mock(side_effect=answer)


@pytest.mark.check(points=2)
async def test_one_delay(submission, canteen):
    """Five answers take one delay."""
    with submission.takes(1, at_most=1.8, at_least=0, serial=len(MENUS)):
        seen = await submission.menus(list(MENUS), URL)
        expect_equal(seen, list(MENUS.values()), "the menus")


async def test_one_client(submission, canteen):
    """One client serves all requests, and is closed."""
    await submission.menus(list(MENUS), URL)
    await submission.opens_one_client()
