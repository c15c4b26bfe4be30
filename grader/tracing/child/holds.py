"""What holds an event loop on the real clock, as far as it can be told from outside its thread. It keeps no trace.

The loop says when each task's step begins and ends. A thread that looks at the stack during a long one sees the line.
On the virtual clock neither is needed: there a blocking call says so itself.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from types import CodeType
from typing import Any, Final, NamedTuple

from grader.ticks import TICKS_PER_SECOND
from grader.tracing.child.lines import TURN

BEAT: Final = 0.01  # seconds
HELD: Final = 3 * TICKS_PER_SECOND // 100  # what takes less holds nobody up that one would see
_LOOK: Final = HELD * 2 // 3
_BUSY: Final = 0.2  # what waits computes nothing; what computes may get less than a whole processor

_thread_time = time.thread_time_ns


Lines = Callable[[str, int], list[Any] | None]


class Spot(NamedTuple):
    """Where a thread was seen, and when: the learner's innermost line, and the instruction in its code.

    cpu: nanoseconds for which the thread had computed by then; None where the system does not say. late: for which it
    would have, had a processor been free; 0 where the system does not say.
    """

    at: int
    cpu: int | None
    late: int
    line: tuple[str, int]
    code: CodeType
    instruction: int


class Found(NamedTuple):
    """What held a loop: ``computing`` or ``blocking``, at a line; spot: what called, for what blocks."""

    start: int
    end: int
    why: str
    line: list[Any] | None
    spot: tuple[CodeType, int] | None


class Turn:
    """One turn of a loop, from when it goes on until it looks for what is ready."""

    def __init__(self) -> None:
        self.measured = False  # whether holds are looked for
        self.idle = False
        self.mark = 0  # the last moment at which the loop was known to go on
        self.thread = self._native = 0
        self._cpu = 0
        self._spots: list[tuple[int, Spot]] = []

    def begin(self, now: int) -> None:
        """Note that the loop goes on, in the calling thread."""
        self.idle, self.mark, self.thread = False, now, threading.get_ident()
        if self.measured:
            self._cpu, self._native = _thread_time(), threading.get_native_id()

    def look(self, now: int, line_of: Lines) -> None:
        """Note where the loop's thread is, from another thread, when it has been there for long."""
        mark = self.mark
        if self.measured and not self.idle and now - mark > _LOOK:
            frame = sys._current_frames().get(self.thread)
            while frame is not None and frame.f_code is not TURN:
                line = line_of(frame.f_code.co_filename, frame.f_lineno)
                if line is not None:
                    times = _time_of(self.thread), _late(self._native)
                    self._spots.append((mark, Spot(now, *times, (line[0], line[1]), frame.f_code, frame.f_lasti)))
                    return
                frame = frame.f_back

    def explain(self, now: int) -> list[Found]:
        """Return what held the loop from the mark until *now*, which is nothing when nothing of the program's did.

        A machine that is busy with other things holds everything up: that shows neither in the thread's own time nor
        in a line at which it was seen again and again.
        """
        begun, self._cpu = self._cpu, _thread_time()
        spots = [spot for mark, spot in self._spots if mark == self.mark]
        self._spots.clear()
        return _holds(self.mark, begun, spots, (now, self._cpu))

    def so_far(self, now: int) -> list[Found]:
        """Return the same of a turn that goes on, from another thread."""
        if not self.measured or self.idle or now - self.mark <= HELD:
            return []
        spots = [spot for mark, spot in self._spots if mark == self.mark]
        return _holds(self.mark, self._cpu, spots, (now, _time_of(self.thread) or self._cpu))


def _holds(mark: int, begun: int, spots: list[Spot], last: tuple[int, int]) -> list[Found]:
    now, cpu = last
    if not spots:
        return [Found(mark, now, "computing", None, None)] if _is_busy(cpu - begun, now - mark) else []
    return list(_found(_stretches(mark, begun, spots, last)))


def _time_of(thread: int) -> int | None:
    try:
        return time.clock_gettime_ns(time.pthread_getcpuclockid(thread))
    except (AttributeError, OSError):
        return None


def _late(native: int) -> int:
    try:
        with open(f"/proc/self/task/{native}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _is_busy(cpu: int, wall: int) -> bool:
    # On a machine that is busy with other things too, what would hold a loop on another one does here.
    return cpu > _BUSY * wall or cpu > HELD


class _Stretch(NamedTuple):
    """A thread was at one line, from *start* to *end*; cpu: for how much of it it computed."""

    start: int
    end: int
    cpu: int
    spots: list[Spot]

    @property
    def waits(self) -> bool:
        """Whether it waited, at one instruction, and computed next to nothing."""
        most = Counter((spot.code, spot.instruction) for spot in self.spots).most_common(1)[0][1]
        first, last = self.spots[0], self.spots[-1]
        starved = last.late - first.late > 0.5 * (last.at - first.at)
        return most > max(1, 0.7 * len(self.spots)) and not starved and not _is_busy(self.cpu, self.end - self.start)


def _stretches(mark: int, begun: int, spots: list[Spot], last: tuple[int, int]) -> Iterator[_Stretch]:
    """Yield the time from *mark* to *last*, which says too how long had been computed by then, line by line."""
    groups = [list(group) for _, group in groupby(spots, lambda spot: spot.line)]
    start, cpu = mark, begun
    for group in groups:
        end, spent = last if group is groups[-1] else (group[-1].at, group[-1].cpu)
        if spent is None:  # the system does not say: an even share
            spent = cpu + (last[1] - cpu) * (end - start) // max(last[0] - start, 1)
        yield _Stretch(start, end, spent - cpu, group)
        start, cpu = end, spent


def _found(stretches: Iterator[_Stretch]) -> Iterator[Found]:
    """Yield waits, each at one line, and between them computing, at whatever lines."""
    for place, group in groupby(stretches, lambda stretch: stretch.spots[0] if stretch.waits else None):
        run = list(group)
        start, end = run[0].start, run[-1].end
        if end - start <= HELD:
            continue
        if place is not None:
            yield Found(start, end, "blocking", list(place.line), (place.code, place.instruction))
        elif _is_busy(sum(stretch.cpu for stretch in run), end - start):
            line = Counter(spot.line for stretch in run for spot in stretch.spots).most_common(1)[0][0]
            yield Found(start, end, "computing", list(line), None)
