"""Laws of the virtual clock, on random programs of tasks and threads.

Times are quarters of a second, so that ties are frequent: ties are where a clock goes wrong.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Outcome, Programs

INTERPRETER = Path(__file__).with_name("interpreter.py").read_text("utf-8")

TIMES = st.integers(0, 6).map(lambda quarters: quarters / 4)
SLEEPS = st.tuples(st.sampled_from(["sleep", "ask", "thread"]), TIMES).map(list)
SHARING = st.tuples(
    st.sampled_from(["lock", "try", "set", "wait", "put", "get"]), st.integers(0, 1), TIMES.filter(bool)
).map(list)
BLOCKS = st.tuples(st.just("block"), TIMES).map(list)
KINDS = st.sampled_from(["task", "thread"])
PROGRAMS = st.lists(
    st.tuples(KINDS, st.lists(SLEEPS | SHARING | SHARING | BLOCKS, max_size=6)).map(list), min_size=2, max_size=6
)
SLEEPING = st.lists(st.tuples(KINDS, st.lists(SLEEPS, max_size=5)).map(list), min_size=1, max_size=6)

Program = list[Any]


async def _fetch(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


def _fetch_plain(seconds: float) -> Any:
    return _fetch(seconds)


def _run(programs: Programs, *todo: Program) -> Outcome:
    async def scenario(submission: Submission, _: Check) -> Any:
        return [await submission.main(program, _fetch, _fetch_plain) for program in todo]

    outcome = programs(INTERPRETER, scenario=scenario, pool=40)
    assert "Traceback" not in outcome.verdict.printed, outcome.verdict.printed
    return outcome


@settings(max_examples=40)
@given(PROGRAMS)
def test_the_same_program_takes_the_same_steps(programs: Programs, program: Program) -> None:
    """A program run in two fresh candidates leaves the same log, and it obeys the laws of time."""
    first, second = _run(programs, program), _run(programs, program)

    assert first.value == second.value
    assert first.ticks == second.ticks
    ((_, _, log),) = first.value
    _time_never_goes_back(log)
    _steps_take_their_time(log, blocked=any(step[0] == "block" for _, steps in program for step in steps))
    _locks_exclude(log)
    _items_come_once(log)


@settings(max_examples=20)
@given(st.lists(SLEEPING, min_size=1, max_size=8))
def test_sleeps_overlap(programs: Programs, todo: list[Program]) -> None:
    """Actors that only sleep take the time of the longest; each takes the sum of its sleeps."""
    outcome = _run(programs, *todo)

    for program, (begun, ended, log) in zip(todo, outcome.value, strict=True):
        sums = [sum(step[1] for step in steps) for _, steps in program]
        assert ended - begun == max(sums)
        ends = {actor: time - begun for time, actor, *_ in log}
        assert ends == {actor: total for actor, total in enumerate(sums) if program[actor][1]}


def _time_never_goes_back(log: list[Any]) -> None:
    times = [time for time, *_ in log]
    assert times == sorted(times)


def _steps_take_their_time(log: list[Any], *, blocked: bool) -> None:
    begun: dict[int, float] = {}
    for time, actor, event, *what in log:
        if event == "begin":
            begun[actor] = time
        elif event == "end":
            name, *arguments, result = what
            took, seconds = time - begun[actor], arguments[-1]
            if name in {"sleep", "ask", "thread"} and not blocked:
                assert took == seconds
            elif name in {"sleep", "ask", "thread", "lock", "block"}:
                assert took >= seconds
            elif name in {"set", "put"}:
                assert took == 0
            elif result is False:
                assert took == seconds or (blocked and took > seconds)
            elif not blocked:
                assert took <= seconds


def _locks_exclude(log: list[Any]) -> None:
    owner: dict[tuple[str, int], int] = {}
    for _, actor, event, *what in log:
        if event == "enter":
            assert tuple(what) not in owner
            owner[tuple(what)] = actor
        elif event == "leave":
            assert owner.pop(tuple(what)) == actor


def _items_come_once(log: list[Any]) -> None:
    got = [(place, what[-1]) for place, (_, _, event, *what) in enumerate(log) if event == "end" and what[0] == "get"]
    items = [(place, item) for place, item in got if item is not False]
    assert all(log[item][2:4] == ["begin", "put"] and item < place for place, item in items)
    assert len({item for _, item in items}) == len(items)
