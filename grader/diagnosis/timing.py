"""Diagnoses of work that was right and laid out wrongly in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from grader.diagnosis.model import Diagnosis, Rule, amount, delays
from grader.evidence import Evidence, Timing
from grader.timeline import Line, Operation, Timeline, Wait, common_line, peak

_START_FIRST: Final = "start them all first (gather, a TaskGroup, tasks), then await them together."
_AWAIT_THREAD: Final = "do not wait here for work in threads: await it (`asyncio.to_thread`, `run_in_executor`)."
_INSTEAD: Final = {
    "time.sleep": "use `await asyncio.sleep(...)`: it lets the others run meanwhile.",
    "request": "use an httpx.AsyncClient and `await client.get(...)`.",
    "lock": f"{_AWAIT_THREAD} For a lock or a queue, use asyncio's own.",
    "join": _AWAIT_THREAD,
}
_NOUNS: Final = {"request": "requests", "call": "calls", "sleep": "pauses", "hold": "blocking calls", "job": "jobs"}


def blocked_the_loop(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a blocking call inside a coroutine."""
    timing, timeline = _slow_or_held(evidence), evidence.timeline
    hold = timeline.longest_hold()
    if timing is None or hold is None or timeline.held() < timing.delay / 2:
        return None
    total, longest = timeline.held() / timing.delay, hold.length / timing.delay
    what = _what_held(timeline, hold.why, hold.line)
    calls = sum(hold.calls for hold in timeline.holds)
    often = f"{calls} times, {delays(total)} in all" if calls > 1 else f"for {delays(longest)}"
    in_all = f" It took {delays(timing.delays)}. {_possible(timing)}" if timing.delays > timing.ideal else ""
    return Diagnosis(
        "blocked-the-loop",
        "blocked the event loop",
        f"{what} held the event loop {often}; nothing else could run meanwhile.{in_all}",
        hold.line,
        "this call never lets go of the thread that the event loop lives in",
        _INSTEAD.get(
            "request" if what.startswith("a synchronous") else hold.why,
            "await an asynchronous version of it, or move it to a thread: `await asyncio.to_thread(...)`.",
        ),
        pictured=True,
    )


def ran_sequentially(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of operations that never overlapped."""
    timing, rows = _too_slow(evidence), evidence.timeline.rows()
    if timing is None or timing.serial <= timing.ideal or len(rows) < 2 or peak(rows, evidence.timeline.end) > 1:
        return None
    noun = _NOUNS[rows[0].kind]
    return Diagnosis(
        "ran-sequentially",
        "ran one after another",
        f"{len(rows)} {noun} took {_took(timing)}; at most 1 was in flight. {_possible(timing)}",
        blame(evidence.timeline, rows),
        f"this waits for each of the {noun} to end before the next one starts",
        _START_FIRST,
        pictured=True,
    )


def ran_in_batches(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of operations that overlapped too little."""
    timing, rows = _too_slow(evidence), evidence.timeline.rows()
    highest = peak(rows, evidence.timeline.end)
    if timing is None or timing.serial <= timing.ideal or highest >= len(rows) or _in_steps(evidence.timeline, rows):
        return None
    noun = _NOUNS[rows[0].kind]
    return Diagnosis(
        "ran-in-batches",
        f"only {highest} at a time",
        f"{len(rows)} {noun} took {_took(timing)}; at most {highest} were in flight. {_possible(timing)}",
        blame(evidence.timeline, rows),
        f"here the next {noun} wait until earlier ones have ended",
        "let more of them start before you wait: all at once, or a higher limit.",
        pictured=True,
    )


def too_slow(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a time that no overlap explains."""
    timing, rows = _too_slow(evidence), evidence.timeline.rows()
    if timing is None:
        return None
    line = _last_waited_for(evidence.timeline, rows)
    if timing.real:
        seen = f"it took {_took(timing)} on the real clock. {_possible(timing)}"
        hint = "look for work that keeps the processor busy, or real waiting the virtual clock does not see."
        return Diagnosis("slow-for-real", "too slow on the real clock", seen, line, hint=hint)
    return Diagnosis(
        "waited-too-long",
        "waited longer than needed",
        f"it took {_took(timing)}. {_possible(timing)}",
        line,
        "the last thing it waited for" if line else "",
        "look for a wait that nothing depends on.",
        pictured=bool(rows),
    )


def _last_waited_for(timeline: Timeline, rows: Sequence[Operation]) -> Line | None:
    """Return the line of the last wait that began when all of *rows* had ended, or else of the last of *rows*."""
    over = max((timeline.end if row.end is None else row.end for row in rows), default=timeline.start)
    after = [w for w in timeline.waits if w.chain and w.start >= over and w.end != w.start]
    if after:
        return max(after, key=lambda wait: wait.start).chain[-1].line
    return rows[-1].line if rows else None


def too_fast(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a call that ended before what it should wait for."""
    failure = evidence.failure
    if not isinstance(failure, Timing) or failure.delays >= failure.at_least:
        return None
    return Diagnosis(
        "did-not-wait",
        "did not wait",
        f"it returned after {delays(failure.delays)}, but the work takes {delays(failure.ideal)}.",
        evidence.returned,
        hint="await everything you start before you return; wait for as long as the arguments say.",
        pictured=bool(evidence.timeline.rows()),
    )


def blame(timeline: Timeline, rows: Sequence[Operation]) -> Line | None:
    """Return the line that keeps *rows* from overlapping.

    All in one task: the coroutine that repeats the wait. In tasks of their own: where their common parent waits for
    them, turn by turn; or else where they queue for one another (a lock, a semaphore).
    """
    waits = [wait for wait in timeline.waits if wait.chain]
    ours = _waits_of(timeline, rows) or _waits_for_threads(waits, rows)
    tasks = {wait.task for wait in ours}
    if len(tasks) == 1:
        return common_line([wait.chain for wait in _longest_first(ours)]) or rows[0].line
    parents = {wait.parent for wait in ours}
    turning = [w for w in waits if w.task in parents and w.kind == "other" and w.end != w.start]
    for turns in _by_task(turning).values():
        if len(turns) > 1:
            return common_line([turn.chain for turn in turns]) or turns[0].chain[-1].line
    queueing = [w for w in waits if w.task in tasks and w.kind == "other" and w.end != w.start and w not in ours]
    if queueing:
        return queueing[0].chain[-1].line
    longest = max(_by_task(ours).values(), key=len, default=[])
    return common_line([wait.chain for wait in longest]) or rows[0].line


def _waits_of(timeline: Timeline, rows: Sequence[Operation]) -> list[Wait]:
    numbers = {row.number for row in rows if row.number is not None}
    waits = [wait for wait in timeline.waits if wait.chain]
    return [w for w in waits if (w.operation in numbers if numbers else w.kind == rows[0].kind)]


def _waits_for_threads(waits: Sequence[Wait], rows: Sequence[Operation]) -> list[Wait]:
    """Return, for what ran in threads, the wait of whoever awaited each thread: it ended with it, and began last."""
    found: list[Wait] = []
    for row in rows if rows[0].kind in {"call", "request", "job"} else ():
        ending = [w for w in waits if w.start <= row.start < row.end == w.end and w not in found] if row.end else []
        if ending:
            found.append(max(reversed(ending), key=lambda wait: wait.start))
    return found


def _longest_first(waits: Sequence[Wait]) -> list[Wait]:
    # A task that waits at several lines in turn spends most of its time at one of them.
    spent: dict[Line, int] = defaultdict(int)
    for wait in waits:
        spent[wait.chain[-1].line] += (wait.start if wait.end is None else wait.end) - wait.start
    return sorted(waits, key=lambda wait: -spent[wait.chain[-1].line])


def _by_task(waits: Sequence[Wait]) -> dict[int, list[Wait]]:
    groups: dict[int, list[Wait]] = defaultdict(list)
    for wait in waits:
        groups[wait.task].append(wait)
    return groups


def _in_steps(timeline: Timeline, rows: Sequence[Operation]) -> bool:
    """Return whether each task only went through steps of its own, none of them twice: nobody queued."""
    groups = _by_task(_waits_of(timeline, rows))
    lines = [[wait.chain[-1].line for wait in group if wait.end != wait.start] for group in groups.values()]
    return len(lines) > 1 and all(len(set(steps)) == len(steps) > 1 for steps in lines)


def _what_held(timeline: Timeline, why: str, line: Line | None) -> str:
    if why == "call":
        kinds = {operation.kind for operation in timeline.operations if operation.line == line}
        return "a synchronous request" if "request" in kinds else "a blocking call"
    names = {
        "lock": "waiting for a lock, a queue or a thread",
        "join": "joining a thread",
        "spinning": "a busy loop",
        "blocking": "a blocking call",
    }
    return names.get(why, why)


def _slow_or_held(evidence: Evidence) -> Timing | None:
    failure = evidence.failure
    return failure if isinstance(failure, Timing) and failure.delays >= failure.at_least else None


def _too_slow(evidence: Evidence) -> Timing | None:
    timing = _slow_or_held(evidence)
    return timing if timing is not None and timing.delays > timing.at_most else None


def _took(timing: Timing) -> str:
    if timing.real:
        seconds = timing.elapsed / 1e9
        return f"{amount(seconds)} s, with one delay of {amount(timing.delay / 1e9)} s"
    return delays(timing.delays)


def _possible(timing: Timing) -> str:
    text = delays(timing.ideal)
    return f"{text[:1].upper()}{text[1:]} {'was' if text.endswith('delay') else 'were'} possible."


TIMING: Final[tuple[Rule, ...]] = (blocked_the_loop, ran_sequentially, ran_in_batches, too_slow, too_fast)
