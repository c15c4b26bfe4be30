"""A time axis: where its marks stand and what they say, in units a reader counts in. It knows no task, no drawing."""

from __future__ import annotations

from typing import Final, NamedTuple

NANOSECOND: Final = 1
_MICROSECOND: Final = 1_000
_MILLISECOND: Final = 1_000_000
_SECOND: Final = 1_000_000_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_UNITS: Final = ((_SECOND, "s"), (_MILLISECOND, "ms"), (_MICROSECOND, "µs"), (NANOSECOND, "ns"))
# Up to two minutes people count seconds in tens, and beyond that in parts of minutes and hours.
_IN_SECONDS: Final = 2 * _MINUTE
_CLOCKWISE: Final = tuple(
    part * unit
    for unit, parts in ((_SECOND, (15, 30)), (_MINUTE, (1, 2, 5, 10, 15, 30)), (_HOUR, (1, 2, 3, 6, 12, 24)))
    for part in parts
)


class Mark(NamedTuple):
    """A mark of the axis at so many *ticks* (nanoseconds) from its start, and what it says."""

    ticks: int
    label: str


class Marks(NamedTuple):
    """The marks of an axis, and the *unit* that their labels are in."""

    marks: tuple[Mark, ...]
    unit: str


class Axis(NamedTuple):
    """The time from *start* to *end* (ticks), laid out from *left* to *right*."""

    left: float
    right: float
    start: int
    end: int

    def x(self, tick: int) -> float:
        """Return where *tick* is; what lies outside of the time stands at its edge."""
        part = (min(max(tick, self.start), self.end) - self.start) / max(self.end - self.start, 1)
        return self.left + part * (self.right - self.left)


def marks(length: int, at_most: int) -> Marks:
    """Return marks at round numbers from 0 to *length* ticks, no more than *at_most* steps of them."""
    length, at_most = max(length, 1), max(at_most, 1)
    step = _step(length, at_most)
    places = range(0, length + 1, step)
    if length > _IN_SECONDS:
        unit = "h:min" if length > 2 * _HOUR else "min:s"
        small = _MINUTE if length > 2 * _HOUR else _SECOND
        return Marks(tuple(Mark(at, f"{at // small // 60}:{at // small % 60:02}") for at in places), unit)
    size, unit = next(found for found in _UNITS if found[0] <= length)
    return Marks(tuple(Mark(at, f"{at / size:.9g}") for at in places), unit)


def _step(length: int, at_most: int) -> int:
    if length > _IN_SECONDS:
        fitting = (step for step in _CLOCKWISE if length <= step * at_most)
        return next(fitting, -(-length // at_most // _HOUR + 1) * _HOUR)
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if length <= step * at_most:
                return step
        power *= 10


def words(ticks: int) -> str:
    """Return a length of time in the unit a reader would choose: ``1.25 s``, ``340 ms``, ``2 min 5 s``, ``0 s``."""
    if ticks < 0:
        return f"-{words(-ticks)}"
    if ticks >= _IN_SECONDS:
        seconds = round(ticks / _SECOND)
        small = (seconds // 60 % 60, "min") if seconds >= 3600 else (seconds % 60, "s")
        large = (seconds // 3600, "h") if seconds >= 3600 else (seconds // 60, "min")
        return f"{large[0]:,} {large[1]}" + (f" {small[0]} {small[1]}" if small[0] else "")
    # Rounded to three digits first, halves upwards: 999.6 ms are 1 s.
    last = 10 ** max(len(str(ticks)) - 3, 0)
    rounded = (ticks + last // 2) // last * last
    size, unit = next((found for found in _UNITS if found[0] <= rounded), (_SECOND, "s"))
    return f"{rounded / size:g} {unit}"
