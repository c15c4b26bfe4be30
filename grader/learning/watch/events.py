"""What may happen while `onedelay watch` watches, and what is then to be done. Values only.

They know no terminal, no file and no process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.learning.progress import Log
from grader.learning.watch.state import Compared, Result
from grader.verdict import ExerciseVerdict

# -- what happens ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A key was pressed: the character that it types, or its name, such as ``up`` or ``escape``."""

    name: str


@dataclass(frozen=True)
class Saved:
    """The *exercise*'s files are these now; or there is *trouble* with them, in words."""

    exercise: str
    files: Mapping[str, bytes] | None
    trouble: str = ""


@dataclass(frozen=True)
class Judged:
    """What came of judging an *exercise* on a *clock*: a verdict, a fault of ours, or that it is left out here."""

    exercise: str
    clock: str
    verdict: ExerciseVerdict | None = None
    fault: str = ""
    left_out: str = ""


@dataclass(frozen=True)
class Tick:
    """Time has passed; *now* in seconds."""

    now: float


@dataclass(frozen=True)
class Opened:
    """An exercise was opened, which has these *hints*."""

    exercise: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Noted:
    """The progress is now this; unsaved: why the last event is not in it."""

    log: Log
    unsaved: str = ""
    told: str = ""


@dataclass(frozen=True)
class Told:
    """Something was done, or could not be; a line that says so."""

    text: str


@dataclass(frozen=True)
class Looking:
    """Saves are noticed in a way that the learner should know of; nothing when it is the usual one."""

    text: str


@dataclass(frozen=True)
class Checked:
    """One exercise of all was checked."""

    result: Result


@dataclass(frozen=True)
class CheckedAll:
    """No more of them will be."""


Event = Key | Saved | Judged | Tick | Opened | Noted | Told | Looking | Compared | Checked | CheckedAll


# -- what is to be done ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """Look at the saves of this exercise only, and tell its hints."""

    exercise: str


@dataclass(frozen=True)
class Judge:
    """Judge these *files* of the *exercise*, in place of whatever is being judged."""

    exercise: str
    files: Mapping[str, bytes]
    clock: str


@dataclass(frozen=True)
class Stop:
    """End what is being judged."""


@dataclass(frozen=True)
class Warm:
    """Have a judge ready for this exercise."""

    exercise: str


@dataclass(frozen=True)
class Note:
    """Note an event in the progress."""

    exercise: str
    what: str
    number: int = 0


@dataclass(frozen=True)
class PutBack:
    """Put the exercise's file back as it was given."""

    exercise: str


@dataclass(frozen=True)
class Compare:
    """Lay the learner's text beside one of ours, by its place among them."""

    exercise: str
    way: int = 0


@dataclass(frozen=True)
class CheckAll:
    """Judge every exercise."""


@dataclass(frozen=True)
class Quit:
    """Leave."""


Effect = Open | Judge | Stop | Warm | Note | PutBack | Compare | CheckAll | Quit
