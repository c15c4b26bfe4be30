"""A pytest run that judges one submission after another: orders come in on standard input, verdicts go out.

It begins with a line of JSON: how many checks there are, what each is worth, which are hidden, what those are worth
that the choice of the clock leaves out, or why there are none.
An order is a line of JSON, ``{"submission": path, "seed": text, "drawn": bool}``; drawn: checks that pass have their
pictures too. The answer is one too, ``{"verdicts": […]}`` with
one verdict per check as `grader.verdict.to_data` writes it. The checks are collected once, so that a submission costs
its checks and not pytest's start. It knows no student and no batch.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Generator, Iterator, Sequence
from typing import IO, Any, Final

import pytest

from grader.batch.server import FOLDER
from grader.exercise import HIDDEN, exercise_of
from grader.grading import points_of
from grader.plugin import grading_of

_NAME: Final = "onedelay-serving"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take the standard streams, before anything else reads or writes there."""
    config.pluginmanager.register(_Service(*_take_streams()), _NAME)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let nobody else keep what is reported: it would grow with every submission."""
    for name in ("onedelay-results", "terminalreporter"):
        session.config.pluginmanager.unregister(name=name)


class _Service:
    """Serves orders until the stream ends."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        self._orders = orders
        self._answers = answers
        self._verdicts: list[str] = []
        self._left_out: list[float] = []  # what each check is worth that the choice of the clock leaves out

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Note the checks which the choice of the clock leaves out."""
        self._left_out += map(points_of, items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the verdict that came with a report."""
        data = getattr(report, "onedelay", None)
        if data is not None:
            self._verdicts.append(data)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every check for each order, until nobody gives orders or wants answers any more."""
        with contextlib.suppress(BrokenPipeError):
            self._serve(session)
        session._setupstate.teardown_exact(None)
        return True

    def _serve(self, session: pytest.Session) -> None:
        checks = [item for item in session.items if exercise_of(item.path) is not None]
        grading = grading_of(session.config)
        worth = {item.nodeid: points_of(item) for item in checks}
        hidden = [item.nodeid for item in checks if item.path.name == HIDDEN]
        problem = "" if checks else self._why_none(session)
        hello = {
            "checks": len(checks),
            "points": worth,
            "hidden": hidden,
            "left_out": self._left_out,
            "problem": problem,
        }
        self._answer(json.dumps(hello))
        grading.serve(checks)
        _end_at_once_on_request(session.config)
        for order in self._read():
            with grading.one_submission(order["submission"], checks, drawn=order.get("drawn", False)):
                for item, following in zip(checks, [*checks[1:], *checks[:1]], strict=True):
                    random.seed(f"{order['seed']} {item.nodeid}")
                    item._initrequest()  # type: ignore[attr-defined] # what pytest does before an item's first run
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            verdicts, self._verdicts = self._verdicts, []
            self._answer(f'{{"verdicts": [{", ".join(verdicts)}]}}')  # they are JSON already

    def _why_none(self, session: pytest.Session) -> str:
        if self._left_out:
            return "it has no checks on this clock (--clock decisive has)"
        return "its checks could not be collected" if session.testsfailed else "it is left out on this machine"

    def _read(self) -> Iterator[dict[str, Any]]:
        for line in self._orders:
            yield json.loads(line)

    def _answer(self, line: str) -> None:
        self._answers.write(line + "\n")
        self._answers.flush()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing on disk: the driver may have been killed, and nobody else removes the folder of this run."""
    if config.inipath is not None and config.inipath.parent.name.startswith(FOLDER):
        shutil.rmtree(config.inipath.parent, ignore_errors=True)


def _end_at_once_on_request(config: pytest.Config) -> None:
    """Let SIGTERM end this run in the middle of a check, and leave no process and no file behind."""

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        with contextlib.suppress(Exception):  # it may come in the middle of anything
            grading_of(config).abandon()
        with contextlib.suppress(Exception):
            pytest_unconfigure(config)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """Go on when an exercise is left out as a whole: the answer says why."""
    try:
        return (yield)
    except session.Interrupted:
        return None


def _take_streams() -> tuple[IO[str], IO[str]]:
    orders, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - the run's
    return open(orders, encoding="utf-8"), open(answers, "w", encoding="utf-8")  # noqa: PTH123
