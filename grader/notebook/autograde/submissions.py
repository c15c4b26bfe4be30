"""What nbgrader's steps know of the submissions they convert: read, as they were released, and judged ahead.

nbconvert calls it an exporter; a course's configuration names it. It imports nbgrader, which takes seconds.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from traitlets import Enum, Float, Int, Unicode

from grader.batch.job import Job, Key, Reply, Settings
from grader.batch.worker import measured_here
from grader.exercise import Exercise, exercise_of
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.notebook.answers.answer import Answer, sources_of
from grader.notebook.autograde.pool import Pool, Read
from grader.notebook.autograde.reading import Place, State, place_of, read_notebook
from grader.notebook.kernel import find_answer
from grader.notebook.marks import GraderFault
from grader.notebook.masters import Call, Master
from grader.verdict import Verdict, from_data


class Submissions(NotebookExporter):
    """Reads submitted notebooks, whatever state they are in, and knows what the other steps need to."""

    parent: Any  # nbgrader's converter
    how = Enum(["sandbox", "kernel"], "sandbox", help="where the answers are judged").tag(config=True)
    isolation = Unicode("full", help="how well a submission is kept apart, at least").tag(config=True)
    limit = Float(10.0, help="real seconds that each check may take").tag(config=True)
    seed = Int(None, allow_none=True, help="what the judge's values are drawn from; fresh ones if it is None").tag(
        config=True
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._seed = secrets.randbits(48) if self.seed is None else self.seed
        self._states: dict[Place, State] = {}
        self._masters: dict[tuple[str, str], list[Master]] = {}
        self._kernelspecs: dict[tuple[str, str], dict[str, Any]] = {}
        self._pool: Pool | None = None
        self._gradebook: Gradebook | None = None
        self._answers: dict[Key, Answer] = {}
        self._read: dict[str, tuple[Any, str]] = {}  # notebooks that were read ahead, by their paths
        if self.how == "sandbox":
            self._measure()

    def _measure(self) -> None:
        """Refuse to grade below the level that was asked for."""
        try:
            wanted = Level.parse(self.isolation)
            measured = measured_here(wanted, self._root)
            problem = f"this machine gives {measured.level.word}: {measured.missing}" if measured.level < wanted else ""
        except (CannotIsolateError, ValueError) as why:
            problem = str(why)
        if problem:
            problem = f"isolation {self.isolation} was asked for (c.Submissions.isolation); {problem}"
            self.log.error(problem)  # nbgrader ends without a word
            raise NbGraderException(problem)
        self.log.info("%s; seed %d", measured.line, self._seed)

    @property
    def _root(self) -> Path:
        return Path(self.parent.coursedir.root).resolve()

    @property
    def gradebook(self) -> Any:
        """The course's gradebook, opened once: what it learns about its queries is worth more than they are."""
        if self._gradebook is None:
            self._gradebook = Gradebook(self.parent.coursedir.db_url, self.parent.coursedir.course_id)
        return self._gradebook

    # -- reading ---------------------------------------------------------------------------------------------

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """Convert the notebook at *filename*; one that cannot be read is an empty one, with a note."""
        resources = resources if resources is not None else {}
        path = Path(filename)
        if self._pool is None and self.how == "sandbox":
            self._begin(place_of(resources))
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        notebook, why = self._read.pop(filename) if filename in self._read else read_notebook(path)
        if why:
            place = place_of(resources)
            self.state(place).unreadable = why
            self.log.warning("%s cannot be read: %s", place.shown, why)
        return self.from_notebook_node(notebook, resources, **options)

    def from_notebook_node(self, nb: Any, resources: Any = None, **_: Any) -> Any:
        """Convert *nb*, which is ours to change: copying it between any two steps takes longer than they do."""
        resources["output_extension"] = self.file_extension
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        return nbformat.writes(nb), resources

    def state(self, place: Place) -> State:
        """Return what is known of a notebook."""
        return self._states.setdefault(place, State())

    def masters(self, place: Place) -> list[Master]:
        """Return the cells of the notebook as they were released."""
        self._look_up(place)
        return self._masters[place.assignment, place.notebook]

    def kernelspec(self, place: Place) -> dict[str, Any]:
        """Return the kernel it is for."""
        self._look_up(place)
        return self._kernelspecs[place.assignment, place.notebook]

    def _look_up(self, place: Place) -> None:
        key = place.assignment, place.notebook
        if key in self._masters:
            return
        found = self.gradebook.find_notebook(place.notebook, place.assignment)
        try:
            graded = {cell.name: float(cell.max_score) for cell in [*found.grade_cells, *found.task_cells]}
            grades = {cell.name for cell in found.grade_cells}
            solutions = {cell.name for cell in found.solution_cells}
            tasks = {cell.name for cell in found.task_cells}
            self._kernelspecs[key] = json.loads(found.kernelspec) if found.kernelspec else {}
            self._masters[key] = [
                Master(
                    cell.name,
                    cell.cell_type,
                    cell.source,
                    cell.checksum,
                    cell.locked,
                    cell.name in grades,
                    cell.name in solutions,
                    cell.name in tasks,
                    graded.get(cell.name),
                )
                for cell in found.source_cells
            ]
        finally:
            self.gradebook.db.remove()

    # -- judging ---------------------------------------------------------------------------------------------

    def _begin(self, of: Place) -> None:
        """Have judged what nbgrader is going to convert, a little ahead of it."""
        handed: dict[Key, Read] = {}
        ahead: list[Key] = []
        for place, path in self._notebooks(of.assignment):
            for name, clock in dict.fromkeys((call.exercise, call.clock) for call in self._calls(place)):
                handed[_key(place, name)] = self._reader(place, path, name, clock)
                # nbgrader passes over what has a grade; if that is out of date, it is judged when it is asked for.
                if self.parent.force or not self._target(place).exists():
                    ahead.append(_key(place, name))
        timed = any(call.clock == "both" for call in self._calls(of))
        self._pool = Pool(handed, ahead, timed=timed)

    def _notebooks(self, assignment: str) -> Iterator[tuple[Place, Path]]:
        """Yield the assignment's notebooks that were handed in, in the order in which nbgrader converts them."""
        for _, paths in sorted(self.parent.assignments.items()):
            for path in sorted(paths):
                place = place_of(self.parent.init_single_notebook_resources(path))
                if place.assignment == assignment and self._is_known(place):
                    yield place, Path(path)

    def _target(self, place: Place) -> Path:
        return Path(self.parent._format_dest(place.assignment, place.student), f"{place.notebook}.ipynb")

    def judged(self, place: Place, exercise: str) -> list[Verdict] | None:
        """Return the verdicts on the answer in a notebook to *exercise*, or None without an answer; `GraderFault`."""
        assert self._pool is not None
        key = _key(place, exercise)
        reply = self._pool.result(key)
        return None if reply is None else self._verdicts(key, reply)

    def _verdicts(self, key: Key, reply: Reply) -> list[Verdict]:
        if reply.fault:
            raise GraderFault(reply.fault)
        file = self.exercise(key[1]).stub.name
        return [self._answers[key].relocated(from_data(data), file) for data in reply.verdicts]

    def _calls(self, place: Place) -> list[Call]:
        return [master.call for master in self.masters(place) if master.call is not None]

    def exercise(self, name: str) -> Exercise:
        """Return the course's exercise of that name; `GraderFault`."""
        exercise = exercise_of(self._root / "exercises" / name)
        if exercise is None:
            raise GraderFault(f"the checks of {name} are not in this course: exercises/{name}")
        return exercise

    def _is_known(self, place: Place) -> bool:
        try:
            return bool(self.masters(place))
        except ValueError:  # nbgrader's MissingEntry is one
            return False

    def _reader(self, place: Place, path: Path, name: str, clock: str) -> Read:
        def read() -> tuple[Settings, Job] | None:
            notebook, why = self._read[str(path)] = read_notebook(path)
            exercise = self.exercise(name)
            answer = None if why else find_answer(sources_of(notebook["cells"]), exercise)
            if answer is None:
                return None
            self._answers[_key(place, name)] = answer
            settings = Settings(self._root, clock, self.isolation, self.limit, self._seed)
            file = exercise.stub.name
            return settings, Job(place.student, name, file, {file: answer.text.encode("utf-8", "replace")})

        return read


def _key(place: Place, exercise: str) -> Key:
    return f"{place.student} {place.notebook}", exercise
