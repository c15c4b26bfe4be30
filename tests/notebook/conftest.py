"""Courses that are written, released, handed in and graded with nbgrader's own commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.batch.worker import measured_here
from grader.judge.isolation.level import CannotIsolateError, Level

ROOT = Path(__file__).resolve().parents[2]


class Course:
    """A course in *folder*, and what an instructor and students do with it. home: of whoever runs the commands."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a module's command in the course; it has to end with *code*."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        home = {"HOME": str(self.home), "IPYTHONDIR": str(self.home / "ipython")}
        # nbgrader starts `alembic` by its name, which is beside our interpreter.
        home["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=own | home, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done

    def nbgrader(self, *arguments: str, code: int = 0) -> str:
        """Run one of nbgrader's commands; return what it said."""
        done = self.run("nbgrader", *arguments, code=code)
        return done.stdout + done.stderr

    def set(self, *lines: str) -> None:
        """Add lines to the configuration."""
        path = self.folder / "nbgrader_config.py"
        path.write_text("\n".join([path.read_text("utf-8"), *lines, ""]), "utf-8")

    def released(self, assignment: str, exercise: str) -> Any:
        """Return the notebook that students get."""
        return json.loads((self.folder / "release" / assignment / f"{exercise}.ipynb").read_text("utf-8"))

    def solved(self, assignment: str, exercise: str, code: str) -> Any:
        """Return that notebook with *code* as the answer, below its cell magic where it has one."""
        notebook = self.released(assignment, exercise)
        answer = cell_of(notebook, "answer")
        first = source_of(answer).partition("\n")[0]
        answer["source"] = f"{first}\n{code}" if first.startswith("%%writefile") else code
        return notebook

    def hand_in(self, student: str, assignment: str, exercise: str, notebook: Any) -> Path:
        """Put what a student hands in where nbgrader looks for it: a notebook, or any file's text or bytes."""
        path = self.folder / "submitted" / student / assignment / f"{exercise}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(notebook, bytes):
            path.write_bytes(notebook)
        else:
            path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), "utf-8")
        return path

    def facts(self, student: str, assignment: str, exercise: str) -> dict[str, Any]:
        """Return what the grade cells of an autograded notebook say as plain data, by the cells' names."""
        path = self.folder / "autograded" / student / assignment / f"{exercise}.ipynb"
        found = {}
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            said = [output.get("metadata", {}).get("onedelay") for output in cell.get("outputs", ())]
            if any(said):
                found[cell["metadata"]["nbgrader"]["grade_id"]] = next(filter(None, said))
        return found

    def grades(self) -> Mapping[tuple[str, str], float]:
        """Return what nbgrader exports: (student, assignment) -> score."""
        self.nbgrader("export", "--to", "exported.csv")
        head, *rows = [line.split(",") for line in (self.folder / "exported.csv").read_text("utf-8").splitlines()]
        tables = [dict(zip(head, row, strict=True)) for row in rows]
        return {(table["student_id"], table["assignment"]): float(table["score"] or 0) for table in tables}


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's text, which a file may hold as lines."""
    return "".join(cell["source"])


def cell_of(notebook: Any, name: str) -> Any:
    """Return the cell of that name."""
    (found,) = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name]
    return found


@pytest.fixture(scope="session")
def full() -> None:
    """Leave a test out where this machine cannot keep submissions apart, and say why."""
    try:
        measured = measured_here(Level.FULL, ROOT)
    except CannotIsolateError as error:
        pytest.skip(str(error))
    if measured.level < Level.FULL:
        pytest.skip(f"this machine gives {measured.level.word}: {measured.missing}")


@pytest.fixture(scope="session")
def make_course(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Course]:
    """Return what writes a course of exercises, by their numbers, with options of `onedelay nbgrader course`."""

    def make(*numbers: str, options: tuple[str, ...] = ()) -> Course:
        folder = tmp_path_factory.mktemp("course") / "course"
        command = [
            sys.executable,
            "-m",
            "grader.cli",
            "nbgrader",
            "course",
            str(folder),
            "--exercise",
            *numbers,
            *options,
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return Course(folder, tmp_path_factory.mktemp("home"))

    return make


@pytest.fixture(scope="session")
def cell_named() -> Callable[[Any, str], Any]:
    """Return what finds a notebook's cell by its name."""
    return cell_of


@pytest.fixture(scope="session")
def solutions() -> Callable[[str], dict[str, str]]:
    """Return what reads all known answers to an exercise: the reference, accepted and rejected ones, by their names."""

    def read(exercise: str) -> dict[str, str]:
        folder = ROOT / "solutions" / exercise
        paths = [
            folder / f"{exercise[3:]}.py",
            *sorted(folder.glob("accepted/*.py")),
            *sorted(folder.glob("rejected/*.py")),
        ]
        return {str(path.relative_to(folder)): path.read_text("utf-8") for path in paths}

    return read
