"""The floor under grading a class: fork a warm process, run the same calls on a virtual loop; no judge, no sandbox.

``python floor.py FOLDER…`` runs every ``gather_weather.py`` below the folders, one after another.
"""

from __future__ import annotations

import asyncio
import functools
import os
import random
import selectors
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import respx

URL = "https://weather.test"
CITIES = [f"City {number}" for number in range(50)]
# The calls of the exercise's virtual checks: how many cities, how often in loops of their own, whether one is broken.
CALLS = (
    (50, 1, False),
    (6, 1, False),
    *[(2, 2, False), (2, 2, True)] * 2,
    (10, 1, False),
    (30, 2, False),
    (4, 1, False),
)


class Jumping(selectors.SelectSelector):
    """Waits for nothing: the loop's time jumps to its next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Move time."""
        self.time += timeout or 0.0
        return super().select(0)


def virtual_loop() -> asyncio.AbstractEventLoop:
    """Return a loop on virtual time."""
    selector = Jumping()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.time  # type: ignore[method-assign]
    return loop


def run_calls(path: Path) -> None:
    """Make the calls of all checks; whatever goes wrong ends the call."""
    namespace: dict[str, Any] = {"__name__": "gather_weather"}
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), namespace)
    except BaseException:  # noqa: BLE001 - wrong on purpose
        return
    for cities, times, broken in CALLS:
        for _ in range(times):
            try:
                with asyncio.Runner(loop_factory=virtual_loop) as runner:
                    runner.run(one_call(namespace["fetch_weather"], CITIES[:cities], broken=broken))
            except BaseException:  # noqa: BLE001 - wrong on purpose
                continue


async def one_call(function: Any, cities: list[str], *, broken: bool) -> None:
    """Make one call against a mocked service of one delay."""

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(1)
        if broken and request.url.path.endswith("City 1"):
            return httpx.Response(500)
        return httpx.Response(200, json={"city": request.url.path, "degrees": random.randint(-20, 40)})

    with respx.mock(assert_all_called=False) as router:
        router.get(host="weather.test").mock(side_effect=answer)
        await asyncio.wait_for(function(cities, URL), 100)


def files(folders: list[str]) -> Iterator[Path]:
    """Yield the submissions."""
    for folder in folders:
        yield from sorted(Path(folder).rglob("gather_weather.py"))


def _no_pause(_: float) -> None:
    pass


def main() -> None:
    """Fork for each submission and wait for it."""
    time.sleep = _no_pause  # a blocking one costs no real time here either
    transports: Any = httpx._transports.default
    transports.create_ssl_context = functools.lru_cache(transports.create_ssl_context)  # nor TLS
    found = list(files(sys.argv[1:]))
    run_calls(found[0])  # what is imported late, and the TLS context, once
    for path in found:
        child = os.fork()
        if child == 0:
            run_calls(path)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
