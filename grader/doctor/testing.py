"""Looks at pytest as it is set up here, and has an exercise judged with it. It knows no check of its own."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from grader import shipped
from grader.complaint import Complaint
from grader.doctor.child import PYTHON, WITNESS, answer, last_line, ran
from grader.doctor.finding import Place, State
from grader.exercise import Exercise, exercises_in, matches
from grader.learning.workspace import create

_LIMIT: Final = 90.0
_PREFERRED: Final = "03"  # its checks take one delay on either clock, and need nothing but what is always there
_OURS: Final = {"onedelay", "pytest-asyncio", "pytest-timeout", "respx"}
_WORKSPACES_OPTIONS: Final = "--import-mode=importlib"  # as `onedelay start` writes them
_ALONE: Final = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
_PLUGINS: Final = ("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout", "-p", "grader.plugin")
_QUIET: Final = {"PYTHONDONTWRITEBYTECODE": "1"}
_LOOSE: Final = ("-p", "no:cacheprovider")  # nothing is written into the learner's folder


def pytest_here(place: Place) -> tuple[State, str, str]:
    """Look at how pytest is set up in *place*, by letting it collect an exercise."""
    exercise = _exercise(place.root)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said.json")
        command = [*_pytest(exercise), "--collect-only", "-q", "-p", "grader.doctor.witness"]
        code, out, errors = ran(command, _LIMIT, place.root, {**_QUIET, WITNESS: str(said)})
        if not said.is_file():
            return State.BROKEN, f"pytest ended with {code}: {_why(out, errors)}", _blame()
        return _described(json.loads(said.read_text("utf-8")), place)


def _described(said: dict[str, Any], place: Place) -> tuple[State, str, str]:
    versions = {name.lower(): version for name, version in said["versions"].items()}
    others = [f"{name} {version}" for name, version in versions.items() if name not in _OURS]
    seen = [f"{said['checks']} checks found"]
    configuration = said["configuration"]
    if configuration is not None and Path(configuration).parent != place.root:
        seen.append(f"configured by {configuration}")
    seen += [f"asyncio_mode {said['mode']}"] if said["mode"] not in {"", "strict", "Mode.STRICT"} else []
    seen += [f"addopts {said['options']}"] if said["options"] not in {"", _WORKSPACES_OPTIONS} else []
    seen += [f"other plugins: {', '.join(others)}"] if others else []
    seen += [f"PYTEST_ADDOPTS={os.environ['PYTEST_ADDOPTS']}"] if os.environ.get("PYTEST_ADDOPTS") else []
    seen += [f"also loaded: {', '.join(said['conftests'])}"] if said["conftests"] else []
    if said["off"]:
        advice = f"let it be loaded, by the addopts of {configuration}" if said["options"] else ""
        return State.BROKEN, f"the plugin of {' and '.join(said['off'])} is off; {'; '.join(seen)}", _blame() or advice
    if not said["checks"]:
        advice = "look at that conftest.py" if said["conftests"] else "`onedelay update` puts checks right"
        return State.BROKEN, "; ".join(seen), _blame() or advice
    return State.WORKS, "; ".join(seen), ""


def judged(place: Place) -> tuple[State, str, str]:
    """Have an untouched exercise judged by pytest as it is set up here, and a right answer where one came with this."""
    exercise = _exercise(place.root)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = _answers(exercise, folder)
        trouble = [_trouble(exercise, file, wanted, (place.root, {})) for file, wanted in given.items()]
        if not any(trouble):
            right = "a right answer does, on both clocks" if len(given) > 1 else "no right answer came with this"
            return State.WORKS, f"the untouched {exercise.number} does not pass, {right}", ""
        first = next(filter(None, trouble))
        create(folder / "apart", [exercise.name])
        apart = folder / "apart", _ALONE
        alone = Exercise(folder / "apart" / "exercises" / exercise.name)
        if any(_trouble(alone, file, wanted, apart) for file, wanted in given.items()):
            return State.BROKEN, first, "report it, with what `onedelay doctor --json` prints"
        blame = _blame() or "look at the plugins and conftest.py named above; `onedelay update` puts checks right"
        return State.BROKEN, f"{first}; without what is set up here it is judged rightly", blame


def _answers(exercise: Exercise, folder: Path) -> dict[Path, str]:
    """Return files to judge, written to *folder*, and the outcome that each should have."""
    stub = folder / "untouched" / exercise.stub.name
    stub.parent.mkdir()
    stub.write_bytes((shipped.exercises_folder() / exercise.name / exercise.stub.name).read_bytes())
    solutions = shipped.solution_files(exercise.name) or {}
    if exercise.stub.name not in solutions:
        return {stub: "FAIL"}
    right = folder / "right" / exercise.stub.name
    right.parent.mkdir()
    right.write_bytes(solutions[exercise.stub.name])
    return {stub: "FAIL", right: "PASS"}


def _trouble(exercise: Exercise, file: Path, wanted: str, where: tuple[Path, dict[str, str]]) -> str:
    """Return what is wrong with the verdict on *file*, or nothing. where: the folder, and more of the environment."""
    folder, environment = where
    report = file.with_name("report.json")
    report.unlink(missing_ok=True)
    options = [f"--submission={file}", f"--report=json={report}", *_LOOSE, *(_PLUGINS if environment else ())]
    clock = ["--clock=virtual"] if wanted == "FAIL" else []
    try:
        code, out, errors = ran([*_pytest(exercise), *options, *clock], _LIMIT, folder, {**_QUIET, **environment})
    except Complaint as complaint:
        return f"pytest {complaint}"
    if not report.is_file():
        return f"pytest ended with {code}: {_why(out, errors)}"
    verdict = json.loads(report.read_text("utf-8"))["exercises"][0]
    if verdict["outcome"] == wanted:
        return ""
    faults = [check["fault"] for check in verdict["checks"] if check["fault"]]
    reason = faults[0] if faults else (verdict["diagnosis"] or {}).get("seen", "")
    return f"{file.parent.name}: {verdict['outcome']} where {wanted} is right: {reason}"


def judge(place: Place) -> tuple[State, str, str]:
    """Have checks judged on the virtual clock in a judge that is warm, and say how long one takes."""
    exercise = _exercise(place.root)
    stub = shipped.exercises_folder() / exercise.name / exercise.stub.name
    found = answer(["judge", str(exercise.folder), str(stub)], _LIMIT, place.root)
    if found["faults"]:
        return State.BROKEN, found["faults"][0], "report it, with what `onedelay doctor --json` prints"
    each = found["ms"] / max(found["checks"], 1)
    return (
        State.WORKS,
        f"{found['checks']} checks of {exercise.number} are judged in {found['ms']:.0f} ms, {each:.0f} ms each",
        "",
    )


def _exercise(root: Path) -> Exercise:
    """Return the exercise to try with: one that is here, and came with this installation."""
    known = {exercise.name for exercise in exercises_in(shipped.exercises_folder())}
    folder = root / "exercises"
    found = [exercise for exercise in (*matches(folder, _PREFERRED), *exercises_in(folder)) if exercise.name in known]
    if not found:
        raise Complaint("none of the exercises of this installation is here: `onedelay update` brings them")
    return found[0]


def _pytest(exercise: Exercise) -> list[str]:
    return [*PYTHON, "-m", "pytest", str(exercise.folder)]


def _why(out: str, errors: str) -> str:
    """Return the lines in which pytest says why it gave up: the first error, and what was raised."""
    told = [line.strip("=. \t") for line in (*errors.splitlines(), *out.splitlines())]
    inside = [line for line in told if line.startswith("INTERNALERROR>")]
    first = inside[-1] if inside else next((line for line in told if "rror" in line), "")
    raised = next((line.removeprefix("E").strip() for line in told if line.startswith("E  ")), "")
    reasons = dict.fromkeys(reason for reason in (first, raised) if reason)
    return ": ".join(reasons) or last_line(out).strip("= ") or last_line(errors) or "it said nothing"


def _blame() -> str:
    added = os.environ.get("PYTEST_ADDOPTS")
    return f"unset PYTEST_ADDOPTS, which says {added!r}" if added else ""
