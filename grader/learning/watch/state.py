"""What `onedelay watch` knows at one moment. Values only.

They know no terminal, no file and no process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from grader.learning.progress import Log, Standing
from grader.learning.solutions import Pair
from grader.verdict import ExerciseVerdict

DECISIVE: Final = "decisive"  # the first look: what the virtual clock decides
FOR_REAL: Final = "both"  # the second: all checks, the confirmations on the real clock too
NOT_STARTED: Final = "not-started"


class Page(Enum):
    """What fills the screen."""

    WORK = auto()
    LIST = auto()
    HELP = auto()
    SOLUTION = auto()
    ASK_RESET = auto()
    CHECK_ALL = auto()


@dataclass(frozen=True)
class Place:
    """One exercise of the course. name: ``NN_slug``; about: its subject; file: the learner's, below the workspace."""

    name: str
    about: str
    file: str

    @property
    def number(self) -> str:
        """``NN``."""
        return self.name[:2]

    @property
    def slug(self) -> str:
        """The name without its number."""
        return self.name[3:]

    @property
    def readme(self) -> str:
        """Its task, below the workspace."""
        return f"{self.file.rpartition('/')[0]}/README.md"


@dataclass(frozen=True)
class Listing:
    """The list of exercises. cursor: which of those that match; filter: what is searched for; typing: still at it."""

    cursor: int = 0
    filter: str = ""
    typing: bool = False


@dataclass(frozen=True)
class Compared:
    """The learner's text beside one of ours. ways: the names of those that we have; shown: the one beside theirs."""

    ways: tuple[str, ...]
    shown: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Result:
    """What came of an exercise when all were checked: ``right``, ``wrong``, ``not started``, or neither."""

    name: str
    what: str
    words: str = ""


@dataclass(frozen=True)
class State:
    """One moment.

    files: what was last saved, which is judged; trouble: why there is nothing to judge. judging: on which clock it is
    being judged, or nothing; since, now: seconds on some clock. verdict, fault (ours), left_out: what came of it.
    hints: all that the exercise has; told: how many of them are shown. notice: the answer to the last key.
    passed: what has passed while we watched, whether it could be noted or not. unsaved: why it could not; looking: how
    saves are noticed, where that is worth a word. view: which of the pictures; scroll: the first row shown of a page;
    anchor: what the page is to be scrolled to. results: of checking all; checking: still at it.
    """

    course: tuple[Place, ...]
    log: Log = field(default_factory=Log)
    current: int = 0
    page: Page = Page.WORK
    files: Mapping[str, bytes] | None = None
    trouble: str = ""
    judging: str = ""
    since: float = 0.0
    now: float = 0.0
    verdict: ExerciseVerdict | None = None
    fault: str = ""
    left_out: str = ""
    hints: tuple[str, ...] = ()
    told: int = 0
    notice: str = ""
    passed: frozenset[str] = frozenset()
    unsaved: str = ""
    looking: str = ""
    view: int = 0
    scroll: int = 0
    anchor: str = ""
    listing: Listing = Listing()
    compared: Compared | None = None
    results: tuple[Result, ...] = ()
    checking: bool = False

    @property
    def place(self) -> Place:
        """The present exercise."""
        return self.course[self.current]

    def standing(self, name: str) -> Standing:
        """Return how far an exercise is, as far as it could be noted."""
        return self.log.standing(name)

    def is_done(self, name: str) -> bool:
        """Return whether an exercise has passed."""
        return name in self.passed or bool(self.log.standing(name).passed)

    @property
    def done(self) -> int:
        """How many have passed."""
        return sum(self.is_done(place.name) for place in self.course)

    @property
    def following(self) -> int | None:
        """Which exercise comes after the present one: the next open one, else the first, else one that was skipped."""
        after = [*range(self.current + 1, len(self.course)), *range(self.current)]
        unfinished = [index for index in after if not self.is_done(self.course[index].name)]
        wanted = (index for index in unfinished if not self.standing(self.course[index].name).skipped)
        return next(wanted, unfinished[0] if unfinished else None)

    @property
    def listed(self) -> list[int]:
        """Which exercises match what is searched for."""
        wanted = self.listing.filter.lower()
        return [i for i, place in enumerate(self.course) if wanted in f"{place.name} {place.about}".lower()]
