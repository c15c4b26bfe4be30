"""Where jobs run on this machine: as many at once as there are places, and a hang keeps none."""

from __future__ import annotations

import threading
import time

import pytest

from grader.batch import executors


class Counted:
    """Counts how many calls are at work."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, seconds: float) -> float:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(seconds)
        with self._lock:
            self.now -= 1
        return seconds


def test_no_more_than_the_places_run_at_once() -> None:
    """However many are waiting."""
    work = Counted()
    with executors.local(2) as place:
        assert [future.result() for future in [place.executor.submit(work, 0.02) for _ in range(10)]] == [0.02] * 10
    assert work.most == 2


def test_what_hangs_gives_its_place_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """And does not give it back twice when it ends."""
    monkeypatch.setattr(executors, "_PATIENCE", 0.2)
    work, ended = Counted(), threading.Event()
    with executors.local(1) as place:
        hang = place.executor.submit(ended.wait)
        others = [place.executor.submit(work, 0.01) for _ in range(5)]
        assert [future.result(timeout=20) for future in others] == [0.01] * 5
        assert not hang.done()
        ended.set()
        assert hang.result(timeout=20)
        more = [place.executor.submit(work, 0.01) for _ in range(5)]
        assert [future.result(timeout=20) for future in more] == [0.01] * 5
    assert work.most == 1


def _begin(begun: threading.Event) -> None:
    begun.set()
    time.sleep(0.1)


def test_what_waits_for_a_place_when_all_ends_is_not_begun() -> None:
    """Ctrl-C does not wait for it."""
    work, begun = Counted(), threading.Event()
    with executors.local(1) as place:
        place.executor.submit(_begin, begun)
        waiting = [place.executor.submit(work, 0.01) for _ in range(8)]
        assert begun.wait(20)
    assert work.most == 0
    assert all(future.cancelled() or future.exception() for future in waiting)
