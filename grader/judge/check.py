"""One check in progress: its candidate, its conversation, what it has seen. It knows neither pytest nor points."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import wire
from grader.evidence import Broken, CheckFailed, Client, Died, Evidence, Failure, NoFile, Timing
from grader.exercise import Exercise, imports_of, last_return, lines_of
from grader.judge import remote
from grader.judge.candidates import Candidates
from grader.judge.child import Child
from grader.judge.clock import JudgeLoop
from grader.judge.isolation.level import Level
from grader.judge.link import DEFAULT_HORIZON, DEFAULT_LIMIT, Link
from grader.prediction import Prediction
from grader.ticks import TICKS_PER_SECOND
from grader.timeline import Line, Operation, Timeline


@dataclass(frozen=True)
class Rules:
    """How a check is run.

    virtual: on which clock. limit: real seconds, None for none. horizon: virtual seconds. pool: threads of the
    candidate's default executor. in_process: the candidate is a thread of the judge, to debug it. On the real clock
    only: processes is multiprocessing's start method, for submissions that start some; network leaves httpx as it is.
    drawn: a check that passes has its picture too.
    """

    virtual: bool = True
    limit: float | None = DEFAULT_LIMIT
    horizon: float = DEFAULT_HORIZON
    pool: int = 12
    in_process: bool = False
    processes: str | None = None
    network: bool = False
    drawn: bool = False


class Check:
    """The state of one check: made before it, settled and asked for evidence after it.

    names: what the loaded submission defines, name -> kind; inside: the same of the exercise's ``inside.py``.
    start, end: ticks of the first call and of the last result. delay: ticks of one unit. timing: what was measured,
    and its bounds. allowed_hold: the longest time, in ticks, for which the loop may be held; None for no bound.
    called: the function called last; returned: the line that it returned from, where the candidate could tell.
    prediction: what the learner predicted, once the test has told it.
    """

    def __init__(self, exercise: Exercise, submission: Path, candidates: Candidates, rules: Rules) -> None:
        self.exercise = exercise
        self.submission = submission
        self.rules = rules
        self.delay = TICKS_PER_SECOND
        self._candidates = candidates
        # The test has set these up, and every attempt meets the same ones.
        self._world: Any = None
        self._callables: Any = None
        self.reset()

    def reset(self) -> None:
        """Forget what was seen, for another attempt; the world stays."""
        self.names: dict[str, str] = {}
        self.inside: dict[str, str] = {}
        self.start: int | None = None
        self.end = 0
        self.timing: Timing | None = None
        self.allowed_hold: int | None = None
        self.returned: Line | None = None
        self.called = ""
        self.prediction: Prediction | None = None
        self._link: Link | None = None
        self._child: Child | None = None
        self._loading: asyncio.Task[None] | None = None
        self._found: dict[str, Any] | None = None
        self.unsettled: Failure | None = None
        self._settled_at = 0
        self._usable = True

    def shorten(self, part: float) -> None:
        """Give the check only *part* of its real time."""
        if self.rules.limit is not None:
            self.rules = replace(self.rules, limit=self.rules.limit * part)

    # -- the conversation ----------------------------------------------------------------------------------

    async def link(self) -> Link:
        """Return the conversation, with the submission loaded; `CheckFailed` when it cannot be."""
        if self._link is None:
            _require(self.submission)
            self._child = self._child or self._take()
            loop = asyncio.get_running_loop()
            self._link = Link(
                self._child, loop, self._serve, self._title, limit=self.rules.limit, horizon=self.rules.horizon
            )
            self._loading = loop.create_task(self._load(self._link, self._child))
        if self._loading is not None:
            await asyncio.shield(self._loading)
        return self._link

    def _take(self) -> Child:
        if self.rules.in_process:
            from grader.judge.inprocess import InProcess  # noqa: PLC0415 - a debugging aid

            return InProcess(self.submission.parent, virtual=self.rules.virtual)
        return self._candidates.take(self.submission, virtual=self.rules.virtual)

    def door(self) -> socket.socket:
        """Return a socket that listens where the candidate's own connections to this machine go."""
        self._child = self._child or self._take()
        return self._child.door()

    @property
    def isolation(self) -> Level:
        """How well the candidate is kept apart."""
        return self._candidates.isolation

    def shared_folder(self) -> Path | None:
        """Return a fresh folder that the candidate may use too, None when it may use any."""
        return self._candidates.shared_folder(self.submission)

    def _order(self, child: Child, path: Path) -> wire.Message:
        inside = self.exercise.inside
        return {
            "type": "load",
            "path": child.path_inside(path),
            "name": self.exercise.slug,
            "inside": None if inside is None else child.path_inside(inside),
            "limit": self.rules.limit,
            "processes": self.rules.processes,
            "network": self.rules.network,
        }

    async def _load(self, link: Link, child: Child) -> None:
        reply = await link.request("load", self._order(child, self.submission))
        if reply["type"] == "broken" and reply["ours"] and self.exercise.inside is not None:
            error = remote.remote_error(reply["error"])
            if await self._stub_loads():
                raise CheckFailed(Died("wire", f"it says that the exercise's own file is broken: {error.name}"))
            raise RuntimeError(f"{self.exercise.name}/inside.py: {error.name}: {error.message}")
        if reply["type"] == "broken":
            raise CheckFailed(Broken(remote.remote_error(reply["error"])))
        self.names = remote.names(reply["names"], self.exercise.functions)
        self.inside = remote.names(reply["inside"], ())

    async def _stub_loads(self) -> bool:
        # Whose fault it is that the exercise's own file cannot be loaded: not ours if it can beside the untouched stub.
        loop, stub = asyncio.get_running_loop(), self.exercise.stub
        child = self._candidates.take(stub, virtual=self.rules.virtual)
        link = Link(child, loop, self._serve, self._title, limit=self.rules.limit, horizon=self.rules.horizon)
        try:
            reply = await link.request("load", self._order(child, stub))
        except CheckFailed:
            return False
        finally:
            link.close()
            self._candidates.discard(child)
            if isinstance(loop, JudgeLoop):
                loop.partner = self._link
        return bool(reply["type"] == "loaded")

    # -- the world: httpx and respx are imported only by the checks that use them -----------------------------

    @property
    def world(self) -> Any:
        """The check's `HttpWorld`."""
        if self._world is None:
            from grader.judge.world import HttpWorld  # noqa: PLC0415

            self._world = HttpWorld()
        return self._world

    @property
    def callables(self) -> Any:
        """The judge's functions that were handed out in this check, as `Callables`."""
        if self._callables is None:
            from grader.judge.callables import Callables  # noqa: PLC0415

            self._callables = Callables()
        return self._callables

    async def _serve(self, question: wire.Message) -> wire.Message:
        world = self.callables if question["type"] == "ask" else self.world
        answer: wire.Message = await world.answer(question)
        return answer

    def _title(self, question: wire.Message) -> str:
        name: str = question["url"] if question["type"] == "http" else self.callables.title(question["callable"])
        return name

    @property
    def hung(self) -> bool:
        """Whether the candidate had to be stopped at its limit, after the call perhaps."""
        return self._link is not None and self._link.died is not None and self._link.died.how == "limit"

    @property
    def operations(self) -> list[Operation]:
        """What took time until now, to be added to by what a check observes itself."""
        return self._link.operations if self._link is not None else []

    # -- the end -------------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Ask the candidate, once, what is left; one that cannot say is given up, and `unsettled` says why."""
        link = self._link
        if link is None or self._found is not None:
            return
        try:
            await link.request("finished", {"type": "finish"})
        except CheckFailed as failed:
            self.unsettled = failed.failure
        if self.unsettled is None and link.evidence is None:
            self.unsettled = Died("wire", "it did not tell what it left behind")
        self._found, self._settled_at = link.evidence or {}, link.now()
        if self.unsettled is not None or link.died is not None or self._found.get("threads_left"):
            self._usable = False

    def printed(self) -> str:
        """Return what the learner's code printed."""
        if self._link is None or self._child is None:
            return ""
        return "".join(self._link.printed) + self._child.printed()

    def timeline(self) -> Timeline:
        """Return what happened when, until now."""
        found, start = self._found or {}, self.start or 0
        operations = tuple(self._link.operations) if self._link else ()
        until = self._settled_at
        holds, waits = remote.holds(found.get("holds"), until), remote.waits(found.get("waits"), until)
        return Timeline(start, max(self.end, start), operations, holds, waits)

    def clients(self) -> tuple[Client, ...]:
        """Return the HTTP clients that the submission opened."""
        clients = self._link.clients if self._link else {}
        return tuple(Client(number, line, closed) for number, (line, closed) in sorted(clients.items()))

    def evidence(self, failure: Failure) -> Evidence:
        """Return all that is known, for a check that ends with *failure*."""
        found = self._found or {}
        return Evidence(
            failure=failure,
            timeline=self.timeline(),
            tasks_left=remote.leftovers(found.get("tasks_left")),
            threads_left=remote.leftovers(found.get("threads_left")),
            never_awaited=remote.leftovers(found.get("never_awaited")),
            unretrieved=remote.leftovers(found.get("unretrieved")),
            clients=self.clients(),
            source=_sources(self.submission),
            returned=self.returned or self._last_return(),
        )

    def give_up(self) -> None:
        """End the candidate: it is in the middle of something."""
        self._usable = False
        if self._child is not None:
            self._child.kill()

    def _last_return(self) -> Line | None:
        number = last_return(self.submission, self.called)
        return None if number is None else Line(self.submission.name, number)

    def close(self) -> None:
        """End the conversation; give the process back, or end it."""
        link, child = self._link, self._child
        if child is None:
            return
        if link is not None:
            link.close()
        if self._usable and not self.rules.in_process:
            self._candidates.give_back(self.submission, child)
        else:
            self._candidates.discard(child)
        self._child = None


def _require(path: Path) -> None:
    if not path.is_file():
        raise CheckFailed(NoFile(path.name, "is missing"))
    if not path.read_bytes().strip():
        raise CheckFailed(NoFile(path.name, "is empty"))


def _sources(path: Path) -> dict[str, tuple[str, ...]]:
    sources = {}
    for file in (path, *(path.with_name(f"{name}.py") for name in imports_of(path))):
        with contextlib.suppress(OSError):
            sources[file.name] = lines_of(file)
    return sources
