"""What can be seen in a trace, named as the diagnoses of exercises name it: values in, values out.

Nobody has said what the program should do, so what is named is what happened, and what to try if it was not meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from grader.diagnosis.model import Diagnosis, count
from grader.timeline import Hold, Line
from grader.tracing.scale import words
from grader.tracing.sequences import Row, sequences
from grader.tracing.trace import TASK, Ending, Trace, TracedTask

_MOST: Final = 3  # of one code
_LINES: Final = 10  # looked at, of those that held the loop
_LEAST: Final = 30_000_000  # ticks: shorter holds nobody would notice
_THREAD: Final = "await it in a thread: `await asyncio.to_thread(...)`."
_INSTEAD: Final = {
    "time.sleep": "use `await asyncio.sleep(...)`: it lets the others run meanwhile.",
    "computing": "move it to a thread (`await asyncio.to_thread(...)`), or to a process pool to use another core.",
    "spinning": "await what you are waiting for (an Event, a task) instead of asking for it again and again.",
    "input": "read it in a thread: `await asyncio.to_thread(input, ...)`.",
    "requests": "use an httpx.AsyncClient and `await client.get(...)`.",
    "urllib": "use an httpx.AsyncClient and `await client.get(...)`.",
    "subprocess": "use `await asyncio.create_subprocess_exec(...)`.",
    "lock": f"{_THREAD[:-1]} For a lock or a queue, use asyncio's own.",
    "join": _THREAD,
}
_NAMES: Final = {
    "lock": "Waiting for a lock, a queue or a thread",
    "join": "Joining a thread",
    "spinning": "A busy loop",
    "blocking": "A blocking call",
    "computing": "Computing",
    "answer": "A blocking call",
}


_BUSY: Final = "look for a loop whose condition never changes, or that never awaits anything."
_SERVES: Final = (
    "a server, or a loop that is meant to go on, is right to: end it with Ctrl-C, or give it more with --limit."
)


def findings(trace: Trace) -> tuple[Diagnosis, ...]:
    """Return what can be seen in *trace*, what explains most first; of each kind at most three."""
    return tuple(found for rule in _RULES for found in list(rule(trace))[:_MOST])


# -- how it ended ------------------------------------------------------------------------------------------


def _ended(trace: Trace) -> Iterator[Diagnosis]:
    rule = _ENDINGS.get(trace.ending.how)
    if rule is not None:
        yield rule(trace.ending)


def _unreadable(ending: Ending) -> Diagnosis:
    return Diagnosis("syntax-error", "Python cannot read the file", f"{ending.error}: {ending.message}.", ending.line)


def _raised(ending: Ending) -> Diagnosis:
    told = f": {ending.message}" if ending.message else ""
    mark = "raised here" if ending.line else ""
    return Diagnosis(
        "raised", f"ended with {ending.error}", f"The program ended with {ending.error}{told}.", ending.line, mark
    )


def _deadlocked(ending: Ending) -> Diagnosis:
    first = ending.waiting[0] if ending.waiting else None
    return Diagnosis(
        "deadlocked",
        "waits for ever",
        f"Everybody waits and nothing will ever wake them: {_who_waits(ending)}.",
        first.line if first else None,
        "waits here for something that never comes" if first else "",
        "ask who should release, set or put what this line waits for, and why they cannot.",
    )


def _stopped(ending: Ending) -> Diagnosis:
    first = ending.waiting[0] if ending.waiting else None
    return Diagnosis(
        "never-ends",
        "still running at the limit",
        f"It was still going after {ending.message} and was stopped: {_who_waits(ending)}.",
        first.line if first else None,
        "it was here when it was stopped" if first else "",
        _BUSY if first is not None and first.who == "the event loop" else _SERVES,
    )


def _outside(ending: Ending) -> Diagnosis:
    return Diagnosis(
        "not-virtual",
        "not possible on the virtual clock",
        f"This line starts {ending.message}, which takes real time; the virtual clock knows none.",
        ending.line,
        "stopped here" if ending.line else "",
        "leave out --virtual.",
    )


def _died(ending: Ending) -> Diagnosis:
    seen = f"The process was ended by {ending.message}: from outside, or by a crash of Python itself."
    mark = "it was here when it ended" if ending.line else ""
    return Diagnosis("crashed", "ended by a signal", seen, ending.line, mark)


def _exited(ending: Ending) -> Diagnosis:
    seen = f"The process ended at once with exit code {ending.code}, without what Python does at its end."
    return Diagnosis("exits", "ended the process", seen, ending.line, "it ended here" if ending.line else "")


def _who_waits(ending: Ending) -> str:
    shown = [f"{waiter.who} at line {waiter.line.number}" for waiter in ending.waiting[:4]]
    more = len(ending.waiting) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "no line of yours is involved"


_ENDINGS: Final[dict[str, Callable[[Ending], Diagnosis]]] = {
    "unreadable": _unreadable,
    "raised": _raised,
    "deadlocked": _deadlocked,
    "limit": _stopped,
    "real": _outside,
    "died": _died,
    "exited": _exited,
}


# -- left behind -------------------------------------------------------------------------------------------


def _never_awaited(trace: Trace) -> Iterator[Diagnosis]:
    if trace.ending.how in {"interrupted", "limit"}:  # it might have been awaited yet
        return
    for made in trace.unawaited:
        times = "once" if made.times == 1 else f"{made.times} times"
        yield Diagnosis(
            "never-awaited",
            "forgot an await",
            f"{made.name}() was called {times}, but nobody awaited it, so nothing in it ran.",
            made.line,
            "calling a coroutine function only makes a coroutine",
            "put `await` before the call, or start it with a task (`asyncio.create_task`, a TaskGroup) and await that.",
        )


def _leaked(trace: Trace) -> Iterator[Diagnosis]:
    # Where the main coroutine did not end well, its tasks ended for that reason.
    well = {task.run for task in trace.tasks if task.main and task.outcome == "done"}
    groups: dict[Line, list[TracedTask]] = defaultdict(list)
    for task in trace.tasks:
        started = task.left and not task.main and not task.inner and task.line is not None
        if started and task.run in well and task.outcome in {"cancelled", "pending"}:
            assert task.line is not None
            groups[task.line].append(task)
    for line, tasks in groups.items():
        names = list(dict.fromkeys(task.name for task in tasks))
        named = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        were = "was" if len(tasks) == 1 else "were"
        they = f"{'it' if len(tasks) == 1 else 'they'} {were}"
        after = f"so {they} cancelled" if tasks[0].outcome == "cancelled" else f"and {were} dropped with the loop"
        yield Diagnosis(
            "leaked-task",
            "left tasks running",
            f"{count(len(tasks), 'task')} ({named}) {were} still running when the main coroutine ended, {after}.",
            line,
            "this only starts the work; nothing waits for it to end",
            "keep the task and await it; or cancel it yourself, if it should only run meanwhile.",
        )


def _unretrieved(trace: Trace) -> Iterator[Diagnosis]:
    if trace.ending.how not in {"done", "exit"}:
        return
    for lost, times in Counter(trace.lost).items():
        often = "" if times == 1 else f", {times} times"
        yield Diagnosis(
            "unretrieved-exception",
            "lost an exception",
            f"A task raised {lost.error}: {lost.message or 'no message'}{often}; nobody awaited the task.",
            lost.line,
            "raised here, in a task that nobody awaits" if lost.line else "",
            "await every task you start (gather, a TaskGroup), so that its exception reaches you.",
        )


# -- time --------------------------------------------------------------------------------------------------


def _blocked(trace: Trace) -> Iterator[Diagnosis]:
    groups: dict[Line | None, list[Hold]] = defaultdict(list)
    for hold in trace.holds():
        groups[hold.line].append(hold)
    for line, holds in sorted(groups.items(), key=lambda group: -_total(group[1]))[:_LINES]:
        delayed = max(_delayed(trace, hold) for hold in sorted(holds, key=lambda hold: -hold.length)[:_MOST])
        if _total(holds) < _LEAST or not (delayed or _would_delay(holds)):
            continue
        longest = max(holds, key=lambda hold: hold.length)
        calls = len(holds) if longest.why == "spinning" else sum(hold.calls for hold in holds)
        often = f"{calls} times, {words(_total(holds))} in all" if calls > 1 else f"for {words(longest.length)}"
        others = (
            f"{delayed:,} other task{'' if delayed == 1 else 's'} could not go on meanwhile"
            if delayed
            else "nothing else can run meanwhile"
        )
        yield Diagnosis(
            "blocked-the-loop",
            "blocked the event loop",
            f"{_NAMES.get(longest.why, longest.why)} held the event loop {often}; {others}.",
            line,
            "this never lets go of the thread that the event loop lives in" if line else "",
            _instead(longest.why),
        )


def _total(holds: Iterable[Hold]) -> int:
    return sum(hold.length for hold in holds)


def _delayed(trace: Trace, hold: Hold) -> int:
    """Return how many tasks there were besides the one that held the loop, and could not go on."""
    return sum(
        task.start < hold.end
        and (task.end is None or task.end > hold.start)
        and hold not in task.holds
        # To make ten thousand tasks takes a while; none of them is late.
        and not (task.line == hold.line and task.start >= hold.start)
        and not _waits_for_others(task, hold)
        for task in trace.tasks
    )


def _waits_for_others(task: TracedTask, hold: Hold) -> bool:
    return any(
        pause.kind == TASK and pause.start <= hold.start and (pause.end is None or pause.end >= hold.end)
        for pause in task.waits
    )


def _would_delay(holds: list[Hold]) -> bool:
    """Return whether a hold matters where nothing else was there to run: a known culprit, or many calls."""
    known = any(hold.why.partition(".")[0] in {"time", "requests", "urllib", "subprocess"} for hold in holds)
    return known or (len(holds) > 2 and holds[0].why not in {"computing", "input"})


def _instead(why: str) -> str:
    return (
        _INSTEAD.get(why) or _INSTEAD.get(why.partition(".")[0]) or f"await an asynchronous version of it, or {_THREAD}"
    )


def _sequential(trace: Trace) -> Iterator[Diagnosis]:
    for row in sequences(trace):
        yield _runs_in_a_row(row) if row.runs else _awaits_in_a_row(row)


def _awaits_in_a_row(row: Row) -> Diagnosis:
    what = f"calls of {row.calls}()" if row.calls else "waits at this line"
    where = "" if row.loop else " from this line on"
    return Diagnosis(
        "ran-sequentially",
        "ran one after another",
        f"{len(row.turns)} {what}{where} ran one after another: together {words(row.total)}, "
        f"the longest of them {words(row.longest)}.",
        row.line,
        "this waits for each to end before the next one starts",
        "if they do not need each other's results, start them together (gather, a TaskGroup).",
    )


def _runs_in_a_row(row: Row) -> Diagnosis:
    return Diagnosis(
        "ran-sequentially",
        "ran one after another",
        f"{len(row.turns)} event loops were run one after another: together {words(row.total)}, "
        f"the longest of them {words(row.longest)}.",
        row.line,
        "each asyncio.run starts a loop, and waits until it is done",
        "call asyncio.run once, and in it start everything together (gather, a TaskGroup).",
    )


_RULES: Final = (_ended, _never_awaited, _leaked, _unretrieved, _blocked, _sequential)
