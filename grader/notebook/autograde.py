"""The steps of `nbgrader autograde` that are ours; a course's configuration names them.

`Submissions` reads what was handed in, `Repair` puts it right, `Judge` gives each grade cell the output that its kernel
would have given it, `Save` writes to the gradebook. Nothing else imports this module: nbgrader takes seconds to import.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import AssignLatePenalties, Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Enum, Float, Unicode

from grader.batch.job import Job, Key, Reply, Settings
from grader.batch.worker import measured_here
from grader.exercise import Exercise, exercise_of
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.notebook.answer import Answer
from grader.notebook.kernel import find_answer, no_answer, rendered
from grader.notebook.marks import GraderFault, mark
from grader.notebook.masters import Call, Master, repair
from grader.notebook.pool import Handed, Pool
from grader.reports.output import FACTS, Output
from grader.verdict import Verdict, from_data

_FAULT: Final = GraderFault.__name__


@dataclass(frozen=True)
class _Place:
    """A notebook of a student's: whose, of which assignment, and its name."""

    student: str
    assignment: str
    notebook: str

    @property
    def shown(self) -> str:
        return f"{self.student}/{self.assignment}/{self.notebook}"


@dataclass
class _State:
    """What one step learns of a notebook and another needs. unreadable: why nothing of it could be read."""

    notes: list[str] = field(default_factory=list)
    unreadable: str = ""


class Submissions(NotebookExporter):
    """Reads submitted notebooks, whatever state they are in, and knows what the other steps need to."""

    parent: Any  # nbgrader's converter
    how = Enum(["sandbox", "kernel"], "sandbox", help="where the answers are judged").tag(config=True)
    isolation = Unicode("full", help="how well a submission is kept apart, at least").tag(config=True)
    limit = Float(10.0, help="real seconds that each check may take").tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._states: dict[_Place, _State] = {}
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
            self.log.error(problem)
            raise NbGraderException(problem)
        self.log.info(measured.line)

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
            self.log.error("%s cannot be read: %s", place.shown, why)
        return self.from_notebook_node(notebook, resources, **options)

    def from_notebook_node(self, nb: Any, resources: Any = None, **_: Any) -> Any:
        """Convert *nb*, which is ours to change: copying it between any two steps takes longer than they do."""
        resources["output_extension"] = self.file_extension
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        return nbformat.writes(nb), resources

    def state(self, place: _Place) -> _State:
        """Return what is known of a notebook."""
        return self._states.setdefault(place, _State())

    def masters(self, place: _Place) -> list[Master]:
        """Return the cells of the notebook as they were released."""
        self._look_up(place)
        return self._masters[place.assignment, place.notebook]

    def kernelspec(self, place: _Place) -> dict[str, Any]:
        """Return the kernel it is for."""
        self._look_up(place)
        return self._kernelspecs[place.assignment, place.notebook]

    def _look_up(self, place: _Place) -> None:
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

    def _begin(self, place: _Place) -> None:
        """Have judged what nbgrader is going to convert, a little ahead of it."""
        handed = list(self._handed(place.assignment))
        timed = any(call.clock == "both" for call in self._calls(place))
        self._pool = Pool(handed, timed=timed)

    def judged(self, place: _Place, exercise: str) -> list[Verdict] | None:
        """Return the verdicts on the answer in a notebook to *exercise*, or None without an answer; `GraderFault`."""
        assert self._pool is not None
        key = (f"{place.student} {place.notebook}", exercise)
        reply = self._pool.result(key)
        return None if reply is None else self._verdicts(key, reply)

    def _verdicts(self, key: Key, reply: Reply) -> list[Verdict]:
        if reply.fault:
            raise GraderFault(reply.fault)
        file = self.exercise(key[1]).stub.name
        return [self._answers[key].relocated(from_data(data), file) for data in reply.verdicts]

    def _calls(self, place: _Place) -> list[Call]:
        return [master.call for master in self.masters(place) if master.call is not None]

    def exercise(self, name: str) -> Exercise:
        """Return the course's exercise of that name; `GraderFault`."""
        exercise = exercise_of(self._root / "exercises" / name)
        if exercise is None:
            raise GraderFault(f"the checks of {name} are not in this course: exercises/{name}")
        return exercise

    def _handed(self, assignment: str) -> Iterator[Handed]:
        """Yield what was handed in of *assignment*, in the order in which nbgrader converts it."""
        for folder, paths in sorted(self.parent.assignments.items()):
            for path in sorted(paths):
                resources = self.parent.init_single_notebook_resources(path)
                place = place_of(resources)
                if place.assignment != assignment or not self._is_known(place):
                    continue
                for call in dict.fromkeys((call.exercise, call.clock) for call in self._calls(place)):
                    yield self._one(place, Path(folder) / Path(path).name, *call)

    def _is_known(self, place: _Place) -> bool:
        try:
            return bool(self.masters(place))
        except ValueError:  # nbgrader's MissingEntry is one
            return False

    def _one(self, place: _Place, path: Path, name: str, clock: str) -> Handed:
        key = (f"{place.student} {place.notebook}", name)

        def read() -> tuple[Settings, Job] | None:
            notebook, why = read_notebook(path)
            self._read[str(path)] = notebook, why
            exercise = self.exercise(name)
            sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code" or _is_answer(cell)]
            answer = find_answer(sources, exercise)
            if answer is None:
                return None
            self._answers[key] = answer
            settings = Settings(self._root, clock, self.isolation, self.limit)
            file = exercise.stub.name
            return settings, Job(place.student, name, file, {file: answer.text.encode("utf-8", "replace")})

        return key, read


def _is_answer(cell: Mapping[str, Any]) -> bool:
    # One that was turned into text by accident; it is turned back before it is graded.
    said = cell.get("metadata", {}).get("nbgrader")
    return isinstance(said, Mapping) and bool(said.get("solution"))


def read_notebook(path: Path) -> tuple[Any, str]:
    """Return the notebook at *path* without outputs, in the current format; an empty one, and why, if that fails."""
    empty = nbformat.v4.new_notebook()
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        return empty, str(error.strerror)
    except (ValueError, RecursionError) as error:
        return empty, f"it is no JSON ({error})".split("\n")[0]
    try:
        for cell in data.get("cells", ()):
            if "outputs" in cell:
                cell["outputs"] = []  # of any size; none of it is needed
        notebook = nbformat.reads(json.dumps(data), as_version=4)
        sound = all(isinstance(cell.source, str) and isinstance(cell.metadata, dict) for cell in notebook.cells)
    except Exception as error:  # noqa: BLE001 - of what is no notebook anything may be raised
        return empty, f"it is no notebook ({type(error).__name__}: {error})".split("\n")[0][:300]
    if not sound:
        return empty, "it is no notebook (a cell without a source)"
    return nbformat.validator.normalize(notebook)[1], ""


def place_of(resources: Mapping[str, Any]) -> _Place:
    """Return which notebook *resources* are of."""
    said = resources["nbgrader"]
    return _Place(said["student"], said["assignment"], said["notebook"])


# -- the steps -------------------------------------------------------------------------------------------------


class Repair(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts cells right that were deleted, doubled, moved or edited: what nbgrader's own steps do, and more."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Repair the notebook."""
        place = place_of(resources)
        done = repair(nb.cells, self.parent.masters(place))
        nb.cells = nbformat.from_dict(done.cells)
        nb.nbformat, nb.nbformat_minor = 4, 5
        nb.metadata["kernelspec"] = self.parent.kernelspec(place)
        state = self.parent.state(place)
        if not state.unreadable:
            state.notes = done.notes
        for note in state.notes:
            self.log.warning("%s: %s", place.shown, note)
        return nb, resources


class Judge(NbGraderPreprocessor):  # type: ignore[misc]
    """Judges the answers, and puts into each of our grade cells what it would show and return."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Judge the notebook; run it in a kernel where that is asked for, or where cells need it that are not ours."""
        place = place_of(resources)
        masters = {master.name: master for master in self.parent.masters(place)}
        calls = {name: master.call for name, master in masters.items() if master.call is not None}
        foreign = any(m.grade and m.kind == "code" and not m.solution and m.call is None for m in masters.values())
        if self.parent.how == "kernel" or foreign or not calls:
            nb, resources = Execute(parent=self.parent).preprocess(nb, resources)
        if self.parent.how == "kernel":
            return nb, resources
        judged: dict[str, list[Verdict] | GraderFault | None] = {}
        for name in dict.fromkeys(call.exercise for call in calls.values()):
            try:
                judged[name] = self.parent.judged(place, name)
            except GraderFault as fault:
                judged[name] = fault
        for cell in nb.cells:
            call = calls.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if call is not None:
                cell.outputs = self._outputs(place, call, judged[call.exercise])
                cell.execution_count = None
        return nb, resources

    def _outputs(self, place: _Place, call: Call, judged: list[Verdict] | GraderFault | None) -> list[Any]:
        if judged is None:
            return _shown(no_answer(self.parent.exercise(call.exercise)), 0.0)
        try:
            if isinstance(judged, GraderFault):
                raise judged
            earned = mark(judged, call.points, hidden=call.hidden)
        except GraderFault as fault:
            self.log.error("%s: a fault of the grader's: %s", place.shown, fault)  # noqa: TRY400 - no traceback helps
            return [nbformat.v4.new_output("error", ename=_FAULT, evalue=str(fault), traceback=[f"{_FAULT}: {fault}"])]
        return _shown(rendered(judged, earned, call.points, hidden=call.hidden), earned)


def _shown(output: Output, earned: float) -> list[Any]:
    data, metadata = output.bundle
    return [
        nbformat.v4.new_output("display_data", data=data, metadata=metadata),
        nbformat.v4.new_output("execute_result", data={"text/plain": str(earned)}),
    ]


class Save(SaveAutoGrades):  # type: ignore[misc]
    """Writes the grades, and a comment beside each answer; leaves to a human what only one can decide."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Save what became of the notebook: of our cells here, of all others as nbgrader does."""
        place = place_of(resources)
        self.student_id, self.assignment_id, self.notebook_id = place.student, place.assignment, place.notebook
        self.gradebook = self.parent.gradebook
        ours = [cell for cell in nb.cells if _facts(cell) or _failed(cell)]
        answers = [cell for cell in nb.cells if utils.is_solution(cell) and not utils.is_grade(cell)] if ours else []
        try:
            for index, cell in enumerate(nb.cells):
                if not any(cell is mine for mine in (*ours, *answers[:1])):
                    self.preprocess_cell(cell, resources, index)
            self._save(ours, answers[:1], self.parent.state(place))
        finally:
            self.gradebook.db.remove()
        return nb, resources

    def _save(self, ours: list[Any], answers: list[Any], state: _State) -> None:
        path = self.notebook_id, self.assignment_id, self.student_id
        for cell in ours:
            grade = self.gradebook.find_grade(cell.metadata.nbgrader["grade_id"], *path)
            # A fault of ours is no zero of theirs; and nobody but a human should fail what cannot be read.
            grade.auto_score = None if _failed(cell) else utils.determine_grade(cell, self.log)[0]
            grade.needs_manual_grade = grade.manual_score is not None or _failed(cell) or bool(state.unreadable)
        for cell in answers:
            comment = self.gradebook.find_comment(cell.metadata.nbgrader["grade_id"], *path)
            comment.auto_comment = _comment(ours, state)
        self.gradebook.db.commit()


class Late(AssignLatePenalties):  # type: ignore[misc]
    """Does what nbgrader's own does, without opening the gradebook for those who are on time."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Note the penalty."""
        place = place_of(resources)
        book = self.parent.gradebook
        try:
            handed = book.find_submission(place.assignment, place.student)
            on_time = handed.total_seconds_late <= 0
            if on_time:
                book.find_submission_notebook(
                    place.notebook, place.assignment, place.student
                ).late_submission_penalty = None
                book.db.commit()
        finally:
            book.db.remove()
        return (nb, resources) if on_time else super().preprocess(nb, resources)


def _comment(cells: list[Any], state: _State) -> str:
    if state.unreadable:
        return f"The notebook cannot be read: {state.unreadable}. Nothing of it was graded."
    told = [text for cell in cells for text in _facts(cell).get("told", ())]
    if any(_failed(cell) for cell in cells):
        told.append("The grader failed here, not you; your instructor has been told.")
    return "\n\n".join([*told, *(f"Note: {note}." for note in state.notes)])


def _facts(cell: Any) -> dict[str, Any]:
    for output in cell.get("outputs", ()):
        facts: dict[str, Any] = output.get("metadata", {}).get(FACTS, {})
        if facts:
            return facts
    return {}


def _failed(cell: Any) -> bool:
    return any(output.get("ename") == _FAULT for output in cell.get("outputs", ()))
