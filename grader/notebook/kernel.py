"""The notebook door: a grade cell has the answer of its notebook judged, and gets its points.

Nothing of the learner's runs here, on the kernel's loop: a judge of its own process does it, as on the command line, so
that a hang or a crash costs the check it happens in and never the kernel. The imports are where they are used: a cell
that only imports this module should not wait.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from grader.exercise import Exercise, exercise_of
from grader.notebook.answers.answer import Answer, answer_of, sources_of
from grader.notebook.marks import GraderFault, mark
from grader.verdict import Verdict

if TYPE_CHECKING:
    from grader.batch.server import Server
    from grader.reports.output import Output

LIMIT: Final = 10.0  # real seconds for a check
VALIDATED_LIMIT: Final = 5.0  # nbgrader's Validate ends a cell after 30 s, however many of its checks hang
_SERVERS: Final[dict[tuple[Exercise, str, float], Server]] = {}  # warm judges of this kernel


@dataclass(frozen=True)
class _Shown:
    """Puts an `Output` into the notebook, in both forms."""

    output: Output

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        return self.output.bundle


def judge(name: str, points: float, *, hidden: bool = False, clock: str = "decisive") -> float:
    """Judge the answer in this notebook to the exercise called *name*; show the verdict and return what it earns.

    points: all that the cell can earn. hidden: judge by the hidden checks, and show only how many of them pass. clock:
    ``decisive``, ``virtual`` to leave out what takes real time, or ``both`` to confirm for real what is right, too.
    `GraderFault` when the grader fails.
    """
    exercise = _find(name, hidden=hidden)
    answer = find_answer(_sources(name), exercise, ran=not _autograding())
    if answer is None:
        _show(no_answer(exercise))
        return 0.0
    checks = _judged(exercise, answer, clock)
    earned = mark(checks, points, hidden=hidden)
    _show(rendered(checks, earned, points, hidden=hidden))
    return earned


def find_answer(sources: Sequence[str], exercise: Exercise, *, ran: bool = False) -> Answer | None:
    """Return the answer to *exercise* in the code cells' *sources*, in the order in which they were *ran* or stand."""
    stub = exercise.stub.read_text("utf-8") if exercise.stub.is_file() else ""
    return answer_of(sources, exercise.functions, exercise.stub.name, stub, ran=ran)


def rendered(checks: Sequence[Verdict], earned: float, points: float, *, hidden: bool) -> Output:
    """Return what a grade cell shows that stands for the open, or the *hidden*, ones of an exercise's *checks*."""
    from grader.reports import output  # noqa: PLC0415 - with a library for templates

    return output.render_hidden(checks) if hidden else output.render(checks, earned, points)


# -- which exercise, which answer -----------------------------------------------------------------------------


def _autograding() -> bool:
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _find(name: str, *, hidden: bool) -> Exercise:
    """Return the exercise beside the notebook or in a folder above it; when grading, the outermost, the course's."""
    here = Path.cwd()
    folders = [here, *here.parents]
    found = [exercise_of(folder / "exercises" / name) for folder in folders]
    exercises = [exercise for exercise in found if exercise is not None and (exercise.hidden is not None or not hidden)]
    if not exercises:
        what = "hidden checks" if hidden else "checks"
        raise GraderFault(f"the {what} of {name} are not here: exercises/{name} belongs beside the notebook")
    return exercises[-1 if _autograding() else 0]


def _sources(name: str) -> list[str]:
    """Return the notebook's code cells: as they were run, or when nbgrader grades, as they stand in the file."""
    file = Path(f"{name}.ipynb")
    if _autograding() and file.is_file():
        # A locked cell that was moved above the answer would not see it otherwise.
        return sources_of(json.loads(file.read_text("utf-8"))["cells"])
    shell = _shell()
    return [] if shell is None else list(shell.history_manager.input_hist_raw)


def _shell() -> Any:
    from IPython import get_ipython  # noqa: PLC0415 - whoever runs a notebook has it

    return get_ipython()


# -- judging ---------------------------------------------------------------------------------------------------


def _judged(exercise: Exercise, answer: Answer, clock: str) -> list[Verdict]:
    from grader.batch.job import Job  # noqa: PLC0415
    from grader.batch.server import ServerFault  # noqa: PLC0415
    from grader.verdict import from_data  # noqa: PLC0415

    job = Job(
        "learner", exercise.name, exercise.stub.name, {exercise.stub.name: answer.text.encode("utf-8", "replace")}
    )
    server = _server(exercise, clock)
    try:
        reply = server.grade(job)
    except ServerFault as fault:
        _let_go()
        raise GraderFault(str(fault)) from None
    except BaseException:  # the learner interrupts: what it would answer is of no use to the next cell
        _let_go()
        raise
    return [answer.relocated(from_data(data), exercise.stub.name) for data in reply.verdicts]


def _server(exercise: Exercise, clock: str) -> Server:
    from grader.batch.job import Settings  # noqa: PLC0415
    from grader.batch.server import Server  # noqa: PLC0415

    limit = VALIDATED_LIMIT if os.environ.get("NBGRADER_EXECUTION") == "validate" else LIMIT
    key = (exercise, clock, limit)
    if key not in _SERVERS:
        root = exercise.folder.parent.parent
        _SERVERS[key] = Server(exercise, Settings(root, clock, "none", limit, secrets.randbits(48)))
    return _SERVERS[key]


@atexit.register
def _let_go() -> None:
    while _SERVERS:
        _, server = _SERVERS.popitem()
        server.close()


# -- showing ---------------------------------------------------------------------------------------------------


def _show(output: Output) -> None:
    from IPython import display  # noqa: PLC0415

    show: Any = display.display
    show(_Shown(output))


def no_answer(exercise: Exercise) -> Output:
    """Return what a grade cell shows when there is nothing to judge."""
    from grader.reports.output import say  # noqa: PLC0415

    names = ", ".join(f"`{name}`" for name in exercise.functions)
    return say("No answer yet", f"No cell that was run defines {names}. Run the cell with your answer, then this one.")
