"""``onedelay nbgrader autograde``: what `nbgrader autograde` does, faster, and with a list of what is still ungraded.

It uses nbgrader's own converter with the steps of the course's configuration, and writes the same gradebook. nbgrader
opens the gradebook anew for every step of every submission, some twenty milliseconds in all; here it is opened once.
"""

from __future__ import annotations

import glob
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from grader.batch.progress import Progress
from grader.notebook.autograde.submissions import Submissions
from grader.notebook.course.writing import CourseError

_EVERYBODY: Final = "*"


@dataclass(frozen=True)
class Ungraded:
    """A submission, or a part of one, that has no grade yet, or that a human should look at, and why."""

    student: str
    assignment: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What became of an assignment: so many of the submissions were *graded*, and these need somebody."""

    graded: int
    ungraded: list[Ungraded]


class _Converter(Autograde):  # type: ignore[misc] # nbgrader has no types
    """nbgrader's own, with one gradebook for all."""

    progress: Progress
    notebooks: Any
    assignments: Any

    def init_notebooks(self) -> None:
        """Find what was handed in; what holds no notebook of the assignment's cannot be graded, and is listed later."""
        super().init_notebooks()
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as book:
            known = _known(book, self.coursedir.assignment_id)
        found = self.assignments.items()
        self.assignments = {folder: paths for folder, paths in found if any(Path(path).stem in known for path in paths)}

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Do what nbgrader's own does, in its order."""
        if not (isinstance(self.exporter, Submissions) and self.create_student):
            super().init_assignment(assignment_id, student_id)
            return
        BaseConverter.init_assignment(self, assignment_id, student_id)
        book = self.exporter.gradebook
        try:
            book.update_or_create_student(student_id)
            self._note_submission(book, assignment_id, student_id)
            self._copy_source(assignment_id, student_id)
            self._choose_notebooks(book, assignment_id, student_id)
        finally:
            book.db.remove()

    def _note_submission(self, book: Any, assignment_id: str, student_id: str) -> None:
        found = self.coursedir.get_existing_timestamp(self._format_source(assignment_id, student_id))
        when = {"timestamp": found} if found else {}
        submission = book.update_or_create_submission(assignment_id, student_id, **when)
        if found and submission.total_seconds_late > 0:
            self.log.warning("%s is %s seconds late", submission, submission.total_seconds_late)

    def _copy_source(self, assignment_id: str, student_id: str) -> None:
        """Put the course's own files in place of submitted ones."""
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id)
        kept = {os.path.join(source, name) for name in self.exclude_overwriting.get(assignment_id, [])}  # noqa: PTH118
        for file in set(utils.find_all_files(source, [*self.coursedir.ignore, "*.ipynb"])) - kept:
            target = Path(self._format_dest(assignment_id, student_id)) / Path(file).relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(file, target)

    def _choose_notebooks(self, book: Any, assignment_id: str, student_id: str) -> None:
        """Keep the notebooks of the assignment; one that was not handed in earns nothing."""
        known = _known(book, assignment_id)
        chosen = [path for path in self.notebooks if Path(path).stem in known]
        for name in known - {Path(path).stem for path in chosen}:
            for grade in book.find_submission_notebook(name, assignment_id, student_id).grades:
                grade.auto_score, grade.needs_manual_grade = 0, False
        book.db.commit()
        self.notebooks = chosen

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade one notebook."""
        super().convert_single_notebook(notebook_filename)
        self.progress.step(fresh=True)


def autograde(course: Path, assignment: str, seed: int, *, student: str = _EVERYBODY, force: bool = False) -> Outcome:
    """Grade what was handed in of *assignment* and has no grade yet, or of all with *force*; `CourseError`.

    seed: what the judge's values are drawn from, unless the configuration says. student: a name, or a pattern of names.
    """
    app = _app(course, assignment, f"--student={student}", *(["--force"] if force else []))
    if "seed" not in app.config.Submissions:
        app.update_config(Config({"Submissions": {"seed": seed}}))
    converter = _Converter(coursedir=app.coursedir, parent=app)
    handed = list(_folders(app.coursedir, student, assignment, "*.ipynb"))
    if not handed:
        raise CourseError(f"nothing was handed in: submitted/{student}/{assignment} holds no notebook")
    with Progress(len(handed)) as converter.progress:
        try:
            converter.start()
        except NbGraderException as error:
            # Of single submissions nbgrader has told already, and the list below does; others end here.
            if not str(error).startswith("Please see"):
                raise CourseError(str(error)) from None
    return _look(app.coursedir, assignment)


def look(course: Path, assignment: str) -> Outcome:
    """Return what became of *assignment* as the gradebook has it; `CourseError`."""
    return _look(_app(course, assignment).coursedir, assignment)


def _app(course: Path, assignment: str, *options: str) -> Any:
    """Return nbgrader's application with the course's configuration."""
    # nbgrader's own models make SQLAlchemy warn, once for each kind of object.
    warnings.filterwarnings("ignore", category=SAWarning)
    # Its log is long, and tells a failure by a traceback; what is left ungraded is listed in the end.
    app = AutogradeApp(log_level=logging.CRITICAL)
    app.initialize([assignment, *options], root=str(course))
    app.coursedir.assignment_id = assignment
    return app


def _folders(directory: Any, student: str, assignment: str, below: str = "") -> list[Path]:
    """Return the folders that students handed in, or what is called *below* in them; names may be patterns."""
    pattern = _in(directory, directory.submitted_directory, student, assignment) / below
    return sorted(map(Path, glob.glob(str(pattern))))  # noqa: PTH207 - the whole path is the pattern


def _in(directory: Any, step: str, student: str, assignment: str) -> Path:
    return Path(directory.format_path(step, student, assignment))


def _look(directory: Any, assignment: str) -> Outcome:
    with Gradebook(directory.db_url, directory.course_id) as book:
        known = _known(book, assignment)
        students = [folder.parent.name for folder in _folders(directory, _EVERYBODY, assignment) if folder.is_dir()]
        found = {student: list(_of(book, directory, assignment, student, known)) for student in students}
    ungraded = [Ungraded(student, assignment, why) for student, reasons in found.items() for why in reasons]
    return Outcome(sum(not reasons for reasons in found.values()), ungraded)


def _known(book: Any, assignment: str) -> set[str]:
    """Return the names of the assignment's notebooks; `CourseError`."""
    try:
        return {notebook.name for notebook in book.find_assignment(assignment).notebooks}
    except MissingEntry:
        raise CourseError(f"{assignment} is no assignment yet: nbgrader generate_assignment {assignment}") from None


def _of(book: Any, directory: Any, assignment: str, student: str, known: set[str]) -> Iterator[str]:
    """Yield why a student's submission is not graded, or not in full."""
    folder = _in(directory, directory.submitted_directory, student, assignment)
    graded = _in(directory, directory.autograded_directory, student, assignment)
    files = sorted(path.name for path in folder.iterdir())
    wanted = sorted(f"{name}.ipynb" for name in known)
    if not set(files) & set(wanted):
        other = f"; there is {', '.join(files[:5])}" if files else ""
        yield f"no notebook called {' or '.join(wanted)}{other}"
        return
    try:
        submission = book.find_submission(assignment, student)
    except MissingEntry:
        yield "not graded yet"
        return
    for notebook in submission.notebooks:
        file = f"{notebook.name}.ipynb"
        if file in files and not (graded / file).is_file():
            yield f"{notebook.name}: not graded; `nbgrader autograde {assignment} --student {student}` says why"
        elif any(grade.needs_manual_grade for grade in notebook.grades):
            comments = [comment.auto_comment for comment in notebook.comments if comment.auto_comment]
            yield f"{notebook.name}: {comments[0].splitlines()[-1] if comments else 'needs to be graded by hand'}"
