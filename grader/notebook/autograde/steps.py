"""The steps of `nbgrader autograde` that are ours; a course's configuration names them.

`Repair` puts a submission right, `Judge` gives each grade cell the output that its kernel would have given it, `Save`
writes to the gradebook. Only what nbgrader itself loads imports this module: nbgrader takes seconds to import.
"""

from __future__ import annotations

from typing import Any, Final

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import AssignLatePenalties, Execute, NbGraderPreprocessor, SaveAutoGrades

from grader.notebook.autograde.reading import Place, State, place_of
from grader.notebook.kernel import no_answer, rendered
from grader.notebook.marks import GraderFault, mark
from grader.notebook.masters import Call, repair
from grader.reports.output import FACTS, Output
from grader.verdict import Verdict

_FAULT: Final = GraderFault.__name__


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

    def _outputs(self, place: Place, call: Call, judged: list[Verdict] | GraderFault | None) -> list[Any]:
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
        calls = {master.name for master in self.parent.masters(place) if master.call is not None}
        ours = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in calls]
        answers = [cell for cell in nb.cells if utils.is_solution(cell) and not utils.is_grade(cell)] if ours else []
        try:
            for index, cell in enumerate(nb.cells):
                if not any(cell is mine for mine in (*ours, *answers[:1])):
                    self.preprocess_cell(cell, resources, index)
            self._save(ours, answers[:1], self.parent.state(place))
        finally:
            self.gradebook.db.remove()
        return nb, resources

    def _save(self, ours: list[Any], answers: list[Any], state: State) -> None:
        path = self.notebook_id, self.assignment_id, self.student_id
        for cell in ours:
            grade = self.gradebook.find_grade(cell.metadata.nbgrader["grade_id"], *path)
            # Without a number from the judge there is no grade: a fault of ours is no zero of theirs, and a cell that
            # says nothing, whatever ran in its kernel, is not the full marks that nbgrader would give it.
            grade.auto_score = _earned(cell)
            undecided = grade.auto_score is None or bool(state.unreadable)
            grade.needs_manual_grade = undecided or grade.manual_score is not None
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


def _comment(cells: list[Any], state: State) -> str:
    if state.unreadable:
        return f"The notebook cannot be read: {state.unreadable}. Nothing of it was graded."
    told = [text for cell in cells for text in _facts(cell).get("told", ())]
    if any(_earned(cell) is None and not _failed(cell) for cell in cells):
        told.append("A cell that judges the answer gave no grade; your instructor decides.")
    if any(_failed(cell) for cell in cells):
        told.append("The grader failed here, not you; your instructor has been told.")
    return "\n\n".join([*told, *(f"Note: {note}." for note in state.notes)])


def _facts(cell: Any) -> dict[str, Any]:
    for output in cell.get("outputs", ()):
        facts: dict[str, Any] = output.get("metadata", {}).get(FACTS, {})
        if facts:
            return facts
    return {}


def _earned(cell: Any) -> float | None:
    """Return what a grade cell says that it earns, if it says what the judge makes it say."""
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if not _facts(cell) or _failed(cell) or len(results) != 1:
        return None
    try:
        earned = float(results[0].data["text/plain"])
    except (KeyError, ValueError):
        return None
    return earned if 0 <= earned <= cell.metadata.nbgrader["points"] else None


def _failed(cell: Any) -> bool:
    return any(output.get("ename") == _FAULT for output in cell.get("outputs", ()))
