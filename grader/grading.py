"""One run of pytest over exercises: which submission, which clock, one verdict per check. It prints nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pytest

from grader.evidence import CheckFailed, Died
from grader.exercise import Exercise, exercise_of, submitted_file
from grader.judge.candidates import Candidates
from grader.judge.check import Check, Rules
from grader.judge.clock import JudgeLoop
from grader.judge.conduct import Task, conduct, fault, not_run
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.link import DEFAULT_HORIZON
from grader.judge.submission import Submission
from grader.verdict import FAIL, Verdict, to_data

# Once a check has been stopped at its limit, the others are not given as long: the part of the limit they get.
HUNG_LIMIT: Final = 0.2
TIMEOUT_PART: Final = 0.7  # of pytest-timeout's time, so that our limit comes first


Work = tuple[Exercise, Path]  # an exercise, and the file to grade for it


@dataclass
class State:
    """What belongs to one check."""

    check: Check
    submission: Submission
    task: Task
    verdict: Verdict | None = None


class Grading:
    """The exercises of one pytest process."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._options: Any = config.option
        self._course: Path | None = None
        self._states: dict[pytest.Item, State] = {}
        self._expected: dict[Work, dict[str, float]] = defaultdict(dict)
        self._failed: set[Work] = set()
        self._hung: set[Work] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._many = len(config.option.submission) > 1
        self._serving = False
        self._drawn = False

    def warm_up(self, exercise: Exercise, options: Any) -> None:
        """Start a candidate for the exercise that is named first; *options*: those known so far.

        `pytest.UsageError` where this machine cannot keep candidates apart as asked.
        """
        self._options, self._course = options, exercise.solutions.parent.parent
        path = self._submission(exercise, next(iter(options.submission), None))
        if len(options.submission) > 1 or self._candidates.isolation is not Level.NONE:
            self._expect_many(exercise)
        if not options.in_process and path.is_file():
            try:
                self._candidates.prepare(path, virtual=options.clock != "real")
            except CannotIsolateError as error:
                raise pytest.UsageError(str(error)) from None

    def _expect_many(self, exercise: Exercise) -> None:
        # A forked process does not write what it has covered; one that is kept apart is always forked.
        measured = any(name.startswith("COVERAGE_") for name in os.environ)
        if not measured or self._candidates.isolation is not Level.NONE:
            self._candidates.expect_many(exercise.modules)

    @cached_property
    def _candidates(self) -> Candidates:
        level = Level.parse(self._options.isolation)
        return Candidates(level, hidden=[self._course or self._config.rootpath])

    def _prepare(self, path: Path, *, virtual: bool) -> None:
        options = self._config.option
        # Few of those that decide are of the real clock.
        needed = {"both", "decisive", "virtual"} if virtual else {"both", "real"}
        if not options.in_process and path.is_file() and options.clock in needed:
            self._candidates.prepare(path, virtual=virtual)

    def close(self) -> None:
        """End the candidates."""
        self._candidates.close()

    def abandon(self) -> None:
        """End the candidates at once, those of the present check too, which has no verdict then."""
        self._candidates.abandon()

    # -- one submission after another ----------------------------------------------------------------------

    def serve(self, items: Sequence[pytest.Item]) -> None:
        """Expect submissions of *items*' exercise one after another, as `one_submission` will name them."""
        self._many = self._serving = True
        for exercise in {self._work(item)[0] for item in items}:
            self._expect_many(exercise)

    @contextlib.contextmanager
    def one_submission(self, path: str, items: Sequence[pytest.Item], *, drawn: bool = False) -> Iterator[None]:
        """Let *items* be judged with the submission at *path*; forget all of it afterwards.

        drawn: checks that pass have their pictures too.
        """
        self._drawn = drawn
        self._config.option.submission = [path]
        self._candidates.take_whole(Path(path).parent)  # which holds this submission, and nothing else
        self._expected.clear()
        self.expect(items)
        try:
            yield
        finally:
            self._candidates.release()
            self._expected.clear()
            self._states.clear()
            self._failed.clear()
            self._hung.clear()

    # -- before a check ------------------------------------------------------------------------------------

    def expect(self, items: Sequence[pytest.Item]) -> None:
        """Note the checks of an exercise, whether or not they will be run, but not those this machine cannot run."""
        for item in items:
            if _is_chosen(item) and not _left_out(item):
                self._expected[self._work(item)][item.nodeid] = points_of(item)

    def not_chosen(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return the checks that the choice of the clock leaves out."""
        return [item for item in items if not _is_chosen(item)]

    def order(self, item: Any) -> tuple[str, int]:
        """Return the place of an item when several submissions are graded: one after another."""
        given = self._config.option.submission
        named = _given(item)
        return str(item.path), given.index(named) if named in given else 0

    def move_on(self, item: Any, following: Any) -> None:
        """Let go of what belongs to *item*'s submission unless *following* is of the same."""
        self._states.pop(item, None)
        last = following is None or exercise_of(following.path) is None
        if last or self._work(following) != self._work(item):
            self._candidates.release()
            if not last:
                self._prepare(self._work(following)[1], virtual=True)

    def _work(self, item: Any) -> Work:
        exercise = exercise_of(item.path)
        assert exercise is not None
        given = _given(item) or next(iter(self._config.option.submission), None)
        return exercise, self._submission(exercise, given)

    def loop_factory(self, item: pytest.Item) -> Callable[[], asyncio.AbstractEventLoop]:
        """Return what makes the judge's loop for a check: on virtual time, or asyncio's own."""
        make: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
        if _clock_of(item) == "virtual":
            make = JudgeLoop

        def factory() -> asyncio.AbstractEventLoop:
            self._loop = make()
            return self._loop

        return factory

    def state(self, item: Any) -> State:
        """Return the state of a check, made when it is first asked for."""
        if item not in self._states:
            exercise, path = work = self._work(item)
            options = _options(item)
            rules = Rules(
                virtual=_clock_of(item) == "virtual",
                limit=None if self._config.option.in_process else _limit(item),
                horizon=options.get("horizon", DEFAULT_HORIZON),
                pool=options.get("pool", Rules.pool),
                in_process=self._config.option.in_process,
                processes=options.get("processes"),
                network=options.get("network", False),
                drawn=(self._drawn or self._config.option.report.startswith("json")) and options.get("picture", True),
            )
            check = Check(exercise, path, self._candidates, rules)
            expected = self._expected[work]
            task = Task(
                _title(item),
                item.nodeid,
                points_of(item),
                max(1, len(expected)),
                sum(expected.values()),
                hidden=item.path != exercise.test,
            )
            self._states[item] = State(check, Submission(check), task)
        return self._states[item]

    def _submission(self, exercise: Exercise, given: str | None) -> Path:
        if given is None:
            return exercise.stub
        place = self._config.invocation_params.dir / given
        path = submitted_file(exercise, place)
        if place.is_dir():
            self._candidates.take_whole(path.parent)
        return path

    # -- a check -------------------------------------------------------------------------------------------

    def run(self, item: pytest.Function) -> None:
        """Judge a check; a failure of the learner's fails the test without a traceback."""
        state = self.state(item)
        work = self._work(item)
        if not state.check.rules.virtual and work in self._failed and self._config.option.clock != "real":
            state.verdict = not_run(state.check, state.task)
            pytest.skip("another check already shows what is wrong")
        if state.check.rules.network and self._candidates.isolation is Level.STRONG:
            state.verdict = not_run(state.check, state.task, "isolation strong leaves no network, not even to itself")
            pytest.skip("isolation strong leaves no network")
        if state.check.rules.virtual and not self._many:
            # It gets warm while the virtual checks run. Of many submissions many are wrong, and never need it.
            self._prepare(work[1], virtual=False)
        arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
        if work in self._hung:
            state.check.shorten(HUNG_LIMIT)

        def body() -> None:
            try:
                item.obj(**arguments)
            except pytest.fail.Exception as error:
                if "pytest-timeout" not in str(error.msg):
                    raise
                state.check.give_up()
                raise CheckFailed(Died("limit", f"{_limit(item) / TIMEOUT_PART:g}")) from None

        verdict = state.verdict = conduct(state.check, state.task, body, self._current_loop)
        if verdict.hung:
            self._hung.add(work)
        if verdict.outcome == FAIL:
            self._failed.add(work)
            if self._serving:
                return  # the verdict goes out; a failure that pytest would describe at length, nobody reads
            diagnosis = verdict.diagnosis
            assert diagnosis is not None
            where = f" ({diagnosis.line.file}:{diagnosis.line.number})" if diagnosis.line else ""
            pytest.fail(f"{diagnosis.code}{where}: {diagnosis.seen}", pytrace=False)

    def _current_loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None
        return self._loop

    def verdict_of(self, item: Any, report: pytest.TestReport, call: pytest.CallInfo[None]) -> dict[str, Any] | None:
        """Return the verdict to attach to *report*, once per check; an unjudged check that broke is our ERROR."""
        if report.when == "call" and item in self._states and self._states[item].verdict is not None:
            verdict = self._states[item].verdict
        elif report.skipped and _left_out(item):
            state = self.state(item)
            verdict = not_run(state.check, state.task, _left_out(item))
        elif report.failed:
            state = self.state(item)
            reason = call.excinfo.exconly().splitlines()[0] if call.excinfo is not None else "no reason is known"
            verdict = fault(state.check, state.task, reason[:300])
        else:
            return None
        assert verdict is not None
        return to_data(verdict)


def points_of(item: Any) -> float:
    """Return what a check is worth."""
    return float(_options(item).get("points", 1))


def _limit(item: Any) -> float:
    # A shorter timeout of pytest-timeout's would end the check without saying where it was.
    limits = [item.config.option.limit]
    marker = item.get_closest_marker("timeout")
    timeouts = (marker.args[0] if marker and marker.args else None, getattr(item.config.option, "timeout", None))
    limits += [TIMEOUT_PART * float(timeout) for timeout in timeouts if timeout]
    return float(min(limits))


def _given(item: Any) -> str | None:
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get("submission")


def _options(item: Any) -> dict[str, Any]:
    marker = item.get_closest_marker("check")
    return {} if marker is None else dict(marker.kwargs)


def _left_out(item: Any) -> str:
    """Return why the exercise leaves a check out on this machine, or nothing."""
    marks = (mark for mark in item.iter_markers("skipif") if mark.args[0] is True)
    return next((str(mark.kwargs["reason"]) for mark in marks), "")


def _clock_of(item: Any) -> str:
    return str(_options(item).get("clock", "virtual"))


def _is_chosen(item: Any) -> bool:
    wanted = item.config.option.clock
    if wanted == "decisive":
        return not _options(item).get("confirms", False)
    return wanted in {"both", _clock_of(item)}


def _title(item: Any) -> str:
    text = (item.obj.__doc__ or "").strip().splitlines()
    title = text[0].rstrip(".") if text else item.originalname.removeprefix("test_").replace("_", " ")
    values = getattr(getattr(item, "callspec", None), "params", {})
    shown = [str(value) for name, value in values.items() if name not in {"submission", "_asyncio_loop_factory"}]
    variant = f" [{', '.join(shown)}]" if shown else ""
    return f"{title}{variant}"
