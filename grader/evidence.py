"""What one check has seen: how it failed, the timeline, what was left behind. Values only, no judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from grader.timeline import Line, Timeline


@dataclass(frozen=True)
class Frame:
    """One of the learner's frames in a traceback."""

    line: Line
    function: str


@dataclass(frozen=True)
class RemoteError:
    """An exception in the candidate.

    types: qualified names, the class itself first, then its ancestors. frames: the learner's, outermost first.
    leaves: the exceptions of a group. syntax: line, text, column (from 1) and message of a SyntaxError.
    """

    types: tuple[str, ...]
    message: str
    frames: tuple[Frame, ...] = ()
    leaves: tuple[RemoteError, ...] = ()
    syntax: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """The class's name as one writes it: ``ValueError``, ``httpx.ConnectError``."""
        module, _, name = self.types[0].rpartition(".")
        return name if module in {"builtins", "asyncio.exceptions"} else f"{module.partition('.')[0]}.{name}"

    def is_a(self, name: str) -> bool:
        """Return whether it is, or is a group that contains, an exception whose class is called *name*."""
        known = any(full == name or full.rpartition(".")[2] == name for full in self.types)
        return known or any(leaf.is_a(name) for leaf in self.leaves)

    @property
    def line(self) -> Line | None:
        """The innermost line of the learner's; for a group, its first exception's."""
        if self.leaves:
            return next((leaf.line for leaf in self.leaves if leaf.line), self._own_line())
        return self._own_line()

    def _own_line(self) -> Line | None:
        return self.frames[-1].line if self.frames else None


# -- how a check failed ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mismatch:
    """A value was not the expected one; *what* names it in the learner's words."""

    what: str
    seen: Any
    expected: Any


@dataclass(frozen=True)
class Timing:
    """A measured time outside its bounds, all in ticks of the judge's clock.

    delay: one unit; ideal, at_least, at_most: in delays; serial: what one after another would take, in delays.
    """

    elapsed: int
    delay: int
    ideal: float
    at_least: float
    at_most: float
    serial: float
    real: bool = False

    @property
    def delays(self) -> float:
        """The measured time in delays."""
        return self.elapsed / self.delay


@dataclass(frozen=True)
class Raised:
    """The submission raised where it should have returned."""

    function: str
    error: RemoteError


@dataclass(frozen=True)
class NotRaised:
    """The submission returned where an exception called *expected* was due; *because* says why it was."""

    expected: str
    because: str
    function: str


@dataclass(frozen=True)
class Broken:
    """The file could not be loaded."""

    error: RemoteError


@dataclass(frozen=True)
class NoFile:
    """There is no file to grade, or nothing in it; *why* says which."""

    path: str
    why: str


@dataclass(frozen=True)
class Missing:
    """A function is not there; *near* is a name that looks like it, *found* what has the name instead.

    kind: what the exercise declares it to be, as in `Exercise.functions`.
    """

    function: str
    near: str | None
    found: str | None
    kind: str = "plain"


@dataclass(frozen=True)
class WrongKind:
    """A plain function where a coroutine function is called for, or the reverse."""

    function: str
    expected: str
    seen: str
    value: Any


@dataclass(frozen=True)
class Died:
    """The candidate's process ended in the middle of a check.

    how: ``exit``, ``signal`` or ``limit`` (stopped by the judge), ``bound`` (it used more than it may), ``wire`` (it
    sent something unreadable). detail: the exit code, the signal's name, the seconds, what it used, or the reason.
    stack: the learner's lines, innermost first.
    """

    how: str
    detail: str
    stack: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Waiter:
    """A task or thread that waits, and where."""

    who: str
    line: Line


@dataclass(frozen=True)
class Deadlocked:
    """Everybody waits and nobody has a time to wait for."""

    waiters: tuple[Waiter, ...]


@dataclass(frozen=True)
class Endless:
    """Virtual time ran past the horizon (seconds) and the program had not ended."""

    horizon: float
    waiters: tuple[Waiter, ...]


@dataclass(frozen=True)
class Swallowed:
    """The judge cancelled a call and it went on; *how*: ``returned`` or ``kept running``."""

    function: str
    how: str


@dataclass(frozen=True)
class Said:
    """The check itself says what is wrong; the fields are those of a `Diagnosis`."""

    code: str
    title: str
    seen: str
    line: Line | None = None
    mark: str = ""
    hint: str = ""
    pictured: bool = False


@dataclass(frozen=True)
class Left:
    """Checks that nothing is left behind found something; the evidence says what."""


@dataclass(frozen=True)
class Client:
    """An HTTP client (a connection pool) that the submission opened, at *line*."""

    number: int
    line: Line | None
    closed: bool


@dataclass(frozen=True)
class Clients:
    """Not exactly one HTTP client was opened and closed."""

    clients: tuple[Client, ...]


Failure = (
    Mismatch
    | Timing
    | Raised
    | NotRaised
    | Broken
    | NoFile
    | Missing
    | WrongKind
    | Died
    | Deadlocked
    | Endless
    | Swallowed
    | Said
    | Left
    | Clients
)


class CheckFailed(Exception):  # noqa: N818 - an outcome, not an error of the program
    """Ends a check as the learner's FAIL; carries the failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(repr(failure))
        self.failure = failure


# -- what was left, and all of it together -----------------------------------------------------------------


@dataclass(frozen=True)
class Leftover:
    """A task, thread, coroutine or exception that the submission left behind, and where it came from."""

    name: str
    line: Line | None
    message: str = ""


@dataclass(frozen=True)
class Evidence:
    """Everything a diagnosis may look at. source: the submission's lines by file."""

    failure: Failure
    timeline: Timeline
    tasks_left: tuple[Leftover, ...] = ()
    threads_left: tuple[Leftover, ...] = ()
    never_awaited: tuple[Leftover, ...] = ()
    unretrieved: tuple[Leftover, ...] = ()
    clients: tuple[Client, ...] = ()
    source: dict[str, tuple[str, ...]] = field(default_factory=dict)
    returned: Line | None = None

    def definition(self, function: str) -> Line | None:
        """Return the line on which *function* is defined."""
        for file, lines in self.source.items():
            for number, text in enumerate(lines, 1):
                if text.lstrip().startswith((f"def {function}(", f"async def {function}(")):
                    return Line(file, number)
        return None

    def text(self, line: Line | None) -> str:
        """Return the text of a line, stripped; empty when it is not known."""
        if line is None:
            return ""
        lines = self.source.get(line.file, ())
        return lines[line.number - 1].strip() if 0 < line.number <= len(lines) else ""
