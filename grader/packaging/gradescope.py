"""What a Gradescope autograder is made of: its two scripts, the grader, and the checks of some exercises.

The layout is Gradescope's: ``setup.sh`` and ``run_autograder`` at the archive's root, which is unpacked to
``/autograder/source``. Solutions are not in it, nor the stubs, which an instructor may have filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import grader
from grader.exercise import HIDDEN, Exercise
from grader.packaging.bundle import Member, files_below, member, zipped
from grader.reports.exporters.gradescope import Visibility, failure
from grader.shipped import PROJECT, SHIPMENT, project_folder, solution_files

PLAN: Final = "autograder.json"
FAILED: Final = "failed.json"
_SCRIPTS: Final = Path(__file__).with_name("scripts")
_UNFINISHED: Final = (
    "run_autograder did not finish: it could not start, or ran out of time or memory. Its output says more; "
    "Gradescope shows it to instructors."
)


class NotPackagedError(Exception):
    """The archive cannot be made; the message says what is missing."""


@dataclass(frozen=True)
class Plan:
    """What the autograder does with a submission.

    exercises: their folders' names. isolation: the level that it insists on. hidden: when a student sees whether a
    hidden check passed. limit: real seconds for each check.
    """

    exercises: tuple[str, ...]
    isolation: str = "strong"
    hidden: Visibility = "after_published"
    limit: float = 10.0


def plan_of(text: str) -> Plan:
    """Return the plan that an archive holds as JSON."""
    data: dict[str, Any] = json.loads(text)
    return Plan(**{**data, "exercises": tuple(data["exercises"])})


def package_gradescope(exercises: Sequence[Exercise], plan: Plan) -> bytes:
    """Return the autograder's zip for *exercises*, all of one folder; `NotPackagedError`.

    The same files give the same bytes.
    """
    members = dict(_project())
    package = Path(grader.__file__).parent
    own = (path for path in files_below(package) if not path.is_relative_to(package / SHIPMENT))
    members.update((f"grader/{path.relative_to(package).as_posix()}", member(path)) for path in own)
    for exercise in exercises:
        members.update(_exercise(exercise))
    members["setup.sh"] = member(_SCRIPTS / "gradescope_setup.sh", executable=True)
    members["run_autograder"] = member(_SCRIPTS / "gradescope_run.sh", executable=True)
    members[PLAN] = Member((json.dumps(asdict(plan), indent=2) + "\n").encode())
    members[FAILED] = Member(failure(_UNFINISHED).encode())
    return zipped(members)


def _project() -> Iterator[tuple[str, Member]]:
    # What setup.sh installs the grader with, from where the grader itself is copied.
    folder = project_folder()
    missing = [name for name in PROJECT if not (folder / name).is_file()]
    if missing:
        raise NotPackagedError(f"{folder} has no {', '.join(missing)}: install onedelay anew, or use a checkout")
    for name in PROJECT:
        yield name, member(folder / name)


def _exercise(exercise: Exercise) -> Mapping[str, Member]:
    left = {exercise.stub, exercise.folder / "README.md"}
    members = {
        f"exercises/{exercise.name}/{path.relative_to(exercise.folder).as_posix()}": member(path)
        for path in files_below(exercise.folder)
        if path not in left
    }
    hidden = hidden_checks(exercise)
    if hidden is not None:
        members[f"solutions/{exercise.name}/{HIDDEN}"] = Member(hidden)
    return members


def hidden_checks(exercise: Exercise) -> bytes | None:
    """Return the file of checks that learners do not see: the one here, or else that of this installation."""
    if exercise.hidden is not None:
        return member(exercise.hidden).content
    return (solution_files(exercise.name) or {}).get(HIDDEN)
