"""The command ``onedelay release``: what a class gets, a workspace and two packages, none of which tells an answer.

It knows neither students nor platforms. The packages are built by hatchling from the files of this installation, be it
a clone or a wheel, and from nothing else: no network is needed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grader
from grader.complaint import Complaint
from grader.diagnosis.model import count
from grader.exercise import HIDDEN, Exercise, exercises_in
from grader.packaging.leaks import leaks, secrets_of
from grader.paths import exercise_called
from grader.shipped import PROJECT, SHIPMENT, exercises_folder, files_in, project_folder, version

_STAGE: Final = "package"
_WORKSPACE: Final = "workspace"
_VERSION: Final = re.compile(r'^version = "[^"]*"$', re.MULTILINE)
_NOT_STARTED: Final = b"NotImplementedError"
_INDEX: Final = "README.md"


@dataclass(frozen=True)
class Chosen:
    """What is released: some or all of the exercises in the folder *source*."""

    source: Path
    exercises: tuple[Exercise, ...]

    @property
    def whole(self) -> bool:
        """Whether these are all."""
        return len(self.exercises) == len(exercises_in(self.source))


def release(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay release``."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder to write to")
    parser.add_argument(
        "--exercise", action="append", metavar="NN", help="only this one, by number or name; may be repeated"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write a release; return 0. `Complaint` when it cannot be made, or would tell an answer."""
    target: Path = options.folder
    if importlib.util.find_spec("hatchling") is None:
        raise Complaint("`release` builds packages with hatchling, which is missing here: pip install hatchling")
    chosen = _choose(options.exercise or [])
    try:
        given = {**_project(), **_grader(), **_exercises(chosen)}
    except OSError as error:
        raise Complaint(f"{error.filename} cannot be read: {error.strerror}") from None
    with _making(target) as made:
        _write(made / _STAGE, given)
        _start(made / _STAGE, made / _WORKSPACE)
        searched = _search(made, chosen)
        packages = _build(made / _STAGE)
        for path in (made / _WORKSPACE, *packages):
            path.rename(target / path.name)
    _say(target, chosen, [path.name for path in packages], searched)
    return 0


# -- what is in it ---------------------------------------------------------------------------------------------


def _choose(names: Sequence[str]) -> Chosen:
    here = (folder / "exercises" for folder in (Path.cwd(), *Path.cwd().parents))
    source = next((folder for folder in here if exercises_in(folder)), exercises_folder())
    found = exercises_in(source)
    if not found:
        raise Complaint("there are no exercises here, and none came with this installation")
    numbers = dict.fromkeys(exercise_called(name, source).number for name in names)
    return Chosen(source, tuple(exercise for exercise in found if not names or exercise.number in numbers))


def _exercises(chosen: Chosen) -> dict[str, bytes]:
    """Return the files of the exercises, path -> content; `Complaint` about a stub that somebody has worked in."""
    files = {}
    for exercise in chosen.exercises:
        below = files_in(exercise.folder)
        below[exercise.stub.name] = _stub(exercise)
        files.update({f"exercises/{exercise.name}/{path}": content for path, content in below.items()})
    index = chosen.source / _INDEX
    if chosen.whole and index.is_file():
        files[f"exercises/{_INDEX}"] = index.read_bytes()
    return files


def _stub(exercise: Exercise) -> bytes:
    content = _untouched(exercise)
    if _NOT_STARTED not in content:
        raise Complaint(f"{exercise.stub} is no stub any more: it has no {_NOT_STARTED.decode()}; put it back first")
    return content


def _untouched(exercise: Exercise) -> bytes:
    # In a workspace the stub is where one works, so it is taken from the installation, which has it as it was.
    as_given = exercises_folder() / exercise.name / exercise.stub.name
    path = as_given if as_given.is_file() else exercise.stub
    return path.read_bytes() if path.is_file() else b""


def _grader() -> dict[str, bytes]:
    files = files_in(Path(grader.__file__).parent)
    return {f"grader/{path}": content for path, content in files.items() if not path.startswith(f"{SHIPMENT}/")}


def _project() -> dict[str, bytes]:
    folder = project_folder()
    files = {name: (folder / name).read_bytes() for name in PROJECT if (folder / name).is_file()}
    number, plus, local = version().partition("+")
    local = f"{local}.class" if plus and "class" not in local.split(".") else local or "class"
    text = files["pyproject.toml"].decode()
    files["pyproject.toml"] = _VERSION.sub(f'version = "{number}+{local}"', text, count=1).encode()
    files[".gitignore"] = b"__pycache__/\n"  # and no other folder's, which a build would heed
    return files


def _search(made: Path, chosen: Chosen) -> Sequence[str]:
    """Return the names of the answers and hidden checks that were searched for; `Complaint` when one is there."""
    known = {exercise.name: exercise for exercise in (*exercises_in(exercises_folder()), *exercises_in(chosen.source))}
    secrets = secrets_of(known.values())
    stubs = [_untouched(exercise) for exercise in known.values()]
    example = files_in(Path(grader.__file__).parent / "authoring" / "template").values()  # for new exercises
    for folder in (made / _STAGE, made / _WORKSPACE):
        found = leaks(files_in(folder), secrets, [*stubs, *example])
        if found:
            first, more = found[0], f" ({len(found) - 1} more)" if len(found) > 1 else ""
            raise Complaint(f"nothing released: {first.file} would tell {first.secret}{more}; take it out there first")
    return list(secrets)


# -- on disk ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _making(target: Path) -> Iterator[Path]:
    """Yield a folder to work in, inside of *target*, which is made; at the end, both are gone if nothing was done."""
    if target.exists() and not target.is_dir():
        raise Complaint(f"{target} is a file: choose another name for the folder")
    if target.is_dir() and any(target.iterdir()):
        raise Complaint(f"{target} is not empty: choose a new folder, or remove this one first")
    new = not target.exists()
    try:
        target.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix=".making-", dir=target) as made:
                yield Path(made).resolve()
        finally:
            if new:
                with contextlib.suppress(OSError):  # a release is in it
                    target.rmdir()
    except OSError as error:
        raise Complaint(f"{error.filename or target} cannot be written: {error.strerror}") from None


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _start(stage: Path, folder: Path) -> None:
    # By the package that students get, so that the two fit together.
    code = "import pathlib, sys; from grader.learning.workspace import create; create(pathlib.Path(sys.argv[1]))"
    _run("the workspace could not be made", [sys.executable, "-B", "-c", code, str(folder)], stage)


def _build(stage: Path) -> list[Path]:
    out = stage.parent / "packages"
    command = [sys.executable, "-B", "-m", "hatchling", "build", "--directory", str(out)]
    _run("hatchling could not build the packages", command, stage)
    return sorted(out.iterdir())


def _run(failed: str, command: Sequence[str], stage: Path) -> None:
    # In the folder, which Python puts before everything that is installed.
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONSAFEPATH"}}
    done = subprocess.run(command, cwd=stage, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise Complaint(f"{failed}: {said[-1]}")


def _say(target: Path, chosen: Chosen, packages: Sequence[str], searched: Sequence[str]) -> None:
    wheel, sdist = packages
    width = len(wheel) + 2
    source = f"as in onedelay {version()}" if SHIPMENT in chosen.source.parts else str(chosen.source)
    print(f"{target}: {count(len(chosen.exercises), 'exercise')}, {source}")
    print(f"  {_WORKSPACE + '/':<{width}}what students work in")
    print(f"  {wheel:<{width}}what they install")
    print(f"  {sdist:<{width}}the same, as source")
    hidden = sum(name.endswith(HIDDEN) for name in searched)
    if searched:
        answers, checks = count(len(searched) - hidden, "right answer"), count(hidden, "file")
        print(f"Searched for {answers} and {checks} of hidden checks: none of them is in it.")
    else:
        print("No answers came with this installation, so none were searched for.")
    print(f"Next: give out the wheel and, zipped, the {_WORKSPACE}; students: pip install '{wheel}[exercises]'")
