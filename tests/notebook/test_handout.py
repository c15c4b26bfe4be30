"""Stub and solution in one cell: the whole is right, and without the solution it is the stub."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.exercise import Exercise, exercises_in
from grader.notebook.course.handout import compose

ROOT = Path(__file__).parents[2]
EXERCISES = exercises_in(ROOT / "exercises")


def composed(exercise: Exercise) -> str:
    reference = exercise.solutions / exercise.stub.name
    return compose(exercise.stub.read_text("utf-8"), reference.read_text("utf-8"))


def without_solutions(source: str) -> str:
    """Return *source* as nbgrader releases it."""
    return re.sub(r"^ *### BEGIN SOLUTION\n(?:.*\n)*? *### END SOLUTION$", "", source, flags=re.MULTILINE)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_without_the_solution_the_stub_is_left(exercise: Exercise) -> None:
    """Nothing of the solution stays, and nothing of the stub goes."""
    assert without_solutions(composed(exercise)).split() == exercise.stub.read_text("utf-8").split()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_whole_is_a_program(exercise: Exercise) -> None:
    """It compiles, with `from __future__` where Python wants it."""
    compile(composed(exercise), exercise.stub.name, "exec")


def test_a_stub_that_is_run_runs_the_solution(tmp_path: Path) -> None:
    """The reference's program runs in place of the stub's."""
    stub = 'def f():\n    raise NotImplementedError\n\n\nif __name__ == "__main__":\n    # TODO\n    raise NotImplementedError\n'
    reference = '"""The reference."""\n\n\ndef f():\n    return 3\n\n\nif __name__ == "__main__":\n    print(f())\n'
    file = tmp_path / "program.py"
    file.write_text(compose(stub, reference), "utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")
