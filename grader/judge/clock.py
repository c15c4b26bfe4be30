"""The judge's clock: an event loop that moves virtual time when everybody waits. It knows no test and no message.

The two sides take turns. While the candidate runs, the judge waits; when the candidate has parked, the judge runs
until it has nothing to do; when both wait, time jumps to the earliest time that either waits for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from grader.ticks import TickLoop, to_ticks


class Partner(Protocol):
    """The other side of the clock, as its loop sees it."""

    until: int | None

    def has_post(self) -> bool:
        """Return whether messages wait to be sent."""

    def give_turn(self, now: int, lease: int | None) -> int:
        """Send the time and the messages; return the time at which the partner has parked again, or is gone.

        lease: the tick before which nothing happens here; until then the partner may let time pass.
        """

    def act(self) -> None:
        """Act on what the partner sent in its turn."""

    def stuck(self) -> None:
        """Nobody waits for a time: tell whoever waits for the partner."""

    def beyond(self, now: int) -> bool:
        """Return whether *now* is past the horizon, after having told whoever waits."""


class JudgeLoop(TickLoop):
    """The event loop of a check on virtual time."""

    def __init__(self) -> None:
        self._now = 0
        self.partner: Partner | None = None
        super().__init__()

    def now(self) -> int:
        """Return the present, in ticks."""
        return self._now

    def wait(self, timeout: float | None) -> None:
        """Give the candidate its turn, or let time pass."""
        if timeout == 0:
            return
        partner = self.partner
        mine = None if timeout is None else self._now + to_ticks(timeout)
        if partner is None:
            if mine is None:
                raise RuntimeError("the check waits for something that nothing will bring about")
            self._now = mine
            return
        if partner.has_post() or (partner.until is not None and partner.until <= self._now):
            self._now = partner.give_turn(self._now, mine)
            partner.act()
            return
        due = [t for t in (mine, partner.until) if t is not None]
        if not due:
            partner.stuck()
        elif not partner.beyond(min(due)):
            self._now = min(due)


Clock = Callable[[], int]
