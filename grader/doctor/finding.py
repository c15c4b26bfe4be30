"""What was found of one thing: a value. It knows neither what was looked at nor where it is shown."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.complaint import Complaint
from grader.learning.workspace import Workspace


class State(enum.StrEnum):
    """WORKS; BROKEN: a learner needs it, and it does not work; ABSENT: not here, and who needs it is said."""

    WORKS = "works"
    BROKEN = "does not work"
    ABSENT = "not here"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's. seen: what was found; advice: what to do, or nothing."""

    name: str
    state: State
    seen: str
    advice: str = ""


@dataclass(frozen=True)
class Place:
    """Where to look. root: the folder that holds exercises; trouble: why there is no workspace, where there is none."""

    root: Path
    workspace: Workspace | None
    trouble: str = ""


@dataclass(frozen=True)
class Probe:
    """Looks at one thing. needed: whether a learner needs it; trying: what takes a while, in words."""

    name: str
    look: Callable[[Place], tuple[State, str, str]]
    needed: bool = True
    trying: str = ""

    def finding(self, place: Place) -> Finding:
        """Return what was found at *place*; never an exception, save those that end the program."""
        try:
            state, seen, advice = self.look(place)
        except Complaint as complaint:
            state, seen, advice = self._unknown, str(complaint), ""
        except Exception as problem:  # noqa: BLE001 - whatever it is, the other things can still be looked at
            what = f"{type(problem).__name__}: {problem}".rstrip(": ")
            state, seen, advice = self._unknown, f"could not be looked at: {what}", ""
        return Finding(self.name, state, one_line(seen), one_line(advice))

    @property
    def _unknown(self) -> State:
        return State.BROKEN if self.needed else State.ABSENT


def one_line(text: str) -> str:
    """Return *text* on one line, with ``~`` for the home folder: it may end up in a public report."""
    for home in {str(Path.home()), str(Path.home().resolve())} - {"/"}:
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
    return " ".join(text.split())
