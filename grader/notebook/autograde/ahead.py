"""Starts judges for an assignment while nbgrader is being imported, which takes seconds; it imports no nbgrader itself.

Whatever goes wrong here is met again by the steps that grade, and told there: they start what they do not find.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

from grader.batch.executors import places
from grader.batch.job import Settings
from grader.batch.worker import measured_here, warm_up
from grader.exercise import exercise_of
from grader.judge.isolation.level import Level
from grader.notebook.course.writing import CONFIGURATION
from grader.notebook.masters import Call, call_in


def start(course: Path, assignment: str) -> int:
    """Start what grading *assignment* is going to need; return the seed that its values are drawn from."""
    seed = secrets.randbits(48)
    threading.Thread(target=_start, args=(course, assignment, seed), daemon=True).start()
    return seed


def _start(course: Path, assignment: str, seed: int) -> None:
    with contextlib.suppress(Exception):
        from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415 - nbgrader's way to read its configuration

        chosen = PyFileConfigLoader(CONFIGURATION, str(course)).load_config().Submissions
        if chosen.get("how", "sandbox") != "sandbox":
            return
        call = next(_calls(course / "release" / assignment))
        exercise = exercise_of(course / "exercises" / call.exercise)
        assert exercise is not None
        isolation, limit = chosen.get("isolation", "full"), float(chosen.get("limit", 10.0))
        settings = Settings(course, call.clock, isolation, limit, chosen.get("seed", seed))
        warm_up(settings, exercise, places(timed=call.clock == "both"))
        measured_here(Level.parse(isolation), course)


def _calls(folder: Path) -> Iterator[Call]:
    """Yield what the grade cells of an assignment ask for, as it was released."""
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            call = call_in("".join(cell["source"]))
            if call is not None:
                yield call
