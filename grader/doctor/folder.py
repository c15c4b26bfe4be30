"""Looks at the learner's folder: the workspace, its progress, its exercises. It judges nothing and changes nothing."""

from __future__ import annotations

import ast
import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from grader import shipped
from grader.complaint import Complaint
from grader.doctor.finding import Place, State
from grader.doctor.installation import imported
from grader.exercise import Exercise, exercises_in
from grader.learning.workspace import workspace_here
from grader.paths import exercises_here

_ASKING: Final = {"importorskip", "find_spec"}  # what a test calls to learn whether a package is there
_STATE: Final = "workspace.json"


def place_here() -> Place:
    """Return the place of the current folder: a workspace, else any exercises, else those of this installation."""
    try:
        workspace = workspace_here()
    except Complaint as complaint:
        try:
            root = exercises_here().parent
        except Complaint:
            root = shipped.exercises_folder().parent
        return Place(root, None, str(complaint))
    return Place(workspace.root, workspace)


def workspace(place: Place) -> tuple[State, str, str]:
    """Look at the workspace's own facts, and whether it can be written to."""
    found = place.workspace
    if found is None:
        broken = not place.trouble.startswith("no workspace")
        return State.BROKEN if broken else State.ABSENT, place.trouble, ""
    seen = f"{found.root}, {len(found.exercises)} exercises"
    for folder in (found.root, found.ours, found.root / "exercises"):
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            return State.BROKEN, f"{folder} cannot be written: {error.strerror}", "work in a folder that is yours"
    try:
        json.loads((found.ours / _STATE).read_text("utf-8"))["given"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        mend = "`onedelay update` writes it anew; your files stay as they are"
        return State.BROKEN, f"{found.ours / _STATE} is damaged", mend
    if not found.exercises:
        return State.BROKEN, seen, "`onedelay update` brings them"
    return State.WORKS, seen, ""


def progress(place: Place) -> tuple[State, str, str]:
    """Look at what is noted of the learner's progress."""
    if place.workspace is None:
        return State.ABSENT, "only looked at in a workspace", ""
    mine = place.workspace.progress
    if not mine.file.exists():
        return State.WORKS, "nothing is noted yet", ""
    try:
        with mine.file.open("r+b"):
            pass
    except OSError as error:
        return State.BROKEN, f"{mine.file} cannot be opened: {error.strerror}", "make it a file that you may write"
    log = mine.read()
    passed = sum(bool(log.standing(exercise.name).passed) for exercise in place.workspace.exercises)
    seen = f"{len(log.events)} events, {passed} of {len(place.workspace.exercises)} exercises passed"
    if log.damage:
        told = f"{len(log.damage)} lines of {mine.file.name} are unreadable and are put aside when it is written next"
        return State.WORKS, f"{seen}; {told}", ""
    return State.WORKS, seen, ""


def exercises(place: Place) -> tuple[State, str, str]:
    """Look whether the packages are here that some exercises are about."""
    every = exercises_in(place.root / "exercises")
    asked = {exercise.number: asked_for(exercise) for exercise in every}
    modules = tuple(sorted({module for some in asked.values() for module in some}))
    found = imported(modules, place.root) if modules else {}
    missing = {module: why for module, why in found.items() if why}
    if not missing:
        more = f"; there is also {', '.join(modules)}, which some are about" if modules else ""
        return State.WORKS, f"all {len(every)} can be judged{more}", ""
    parts = []
    for module, why in missing.items():
        numbers = ", ".join(number for number, some in asked.items() if module in some)
        parts.append(f"{module} (for {numbers})" if why == "missing" else f"{module} (for {numbers}; {why})")
    seen = f"{', '.join(parts)}: what needs it is left out, and counts for nothing"
    extras = ",".join(sorted({"postgres" if module == "asyncpg" else "exercises" for module in missing}))
    return State.ABSENT, seen, f"pip install 'onedelay[{extras}]'"


def asked_for(exercise: Exercise) -> set[str]:
    """Return the modules for which the test of *exercise* looks before it needs them."""
    try:
        tree = ast.parse(exercise.test.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        str(call.args[0].value)
        for call in calls
        if _name_of(call.func) in _ASKING and isinstance(call.args[0], ast.Constant)
    }


def hidden_modules(place: Place) -> tuple[State, str, str]:
    """Look for files of the learner's that a script beside them imports in place of a module it needs."""
    names = {"asyncio", "httpx", "pytest", "grader"} | (sys.stdlib_module_names & set(sys.modules))
    folders = {Path.cwd(), place.root, *(exercise.folder for exercise in exercises_in(place.root / "exercises"))}
    found = sorted(path for folder in folders for path in folder.glob("*.py") if path.stem in names)
    if not found:
        return State.WORKS, "no file here is called like a module that programs need", ""
    listed = ", ".join(map(str, found))
    return State.BROKEN, f"{listed}: programs beside it import it in place of the module of that name", "rename it"


def _name_of(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
