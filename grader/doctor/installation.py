"""Looks at Python, at this package and at what it needs. It starts nothing, save the import of optional packages."""

from __future__ import annotations

import platform
import re
import shutil
import sys
import sysconfig
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

from grader import shipped
from grader.doctor.child import answer
from grader.doctor.finding import Place, State
from grader.exercise import exercises_in

_TESTED: Final = ((3, 11), (3, 13))
_LIMIT: Final = 60.0
_EXTRAS: Final = {  # an extra of ours -> what it is for, and the modules that it brings
    "grade": ("for grading a class", ("jinja2", "rapidfuzz", "tqdm", "yaml")),
    "nbgrader": ("for courses in nbgrader", ("nbgrader",)),
    "dask": ("for classes that outgrow one machine", ("distributed", "cryptography")),
}
_DISTRIBUTIONS: Final = {"yaml": "pyyaml", "PIL": "pillow"}  # where they differ from the module's name
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def python(_: Place) -> tuple[State, str, str]:
    """Look at the interpreter."""
    version = sys.version_info[:2]
    threads = ", without a global lock" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    inside = "in a virtual environment" if sys.prefix != sys.base_prefix else "in no virtual environment"
    seen = f"{platform.python_implementation()} {platform.python_version()}{threads}, {inside}"
    wanted = " to ".join(f"{major}.{minor}" for major, minor in _TESTED)
    if version < _TESTED[0]:
        return State.BROKEN, seen, f"install Python {wanted}"
    odd = threads or version > _TESTED[1] or platform.python_implementation() != "CPython"
    return State.WORKS, seen, f"not tested with it: if checks behave oddly, use CPython {wanted}" if odd else ""


def onedelay(_: Place) -> tuple[State, str, str]:
    """Look at what this installation consists of."""
    exercises = exercises_in(shipped.exercises_folder())
    inside = shipped.exercises_folder().is_relative_to(Path(shipped.__file__).parent)
    kind = "installed" if inside else "a clone"
    if not exercises:
        return State.BROKEN, f"{shipped.version()}, {kind}, without exercises", "install onedelay anew"
    solutions = shipped.solution_files(exercises[0].name) is not None
    with_them = "with solutions" if solutions else "without solutions, as for a class"
    return State.WORKS, f"{shipped.version()}, {kind}, {len(exercises)} exercises, {with_them}", ""


def packages(_: Place) -> tuple[State, str, str]:
    """Look at the packages that nothing works without, and their versions."""
    seen, wrong = [], []
    for name, least in _needed().items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        seen.append(f"{name} {found}")
        if _numbers(found) < _numbers(least):
            wrong.append(f"{name} {found} is older than {least}")
    if wrong:
        return State.BROKEN, "; ".join(wrong), f"{Path(sys.executable).name} -m pip install --upgrade onedelay"
    return State.WORKS, ", ".join(seen), ""


def _needed() -> dict[str, str]:
    found = {}
    for line in metadata.requires("onedelay") or ():
        match = re.match(r"([\w.-]+)\s*(?:\(?>=\s*([\w.]+))?", line)
        if match is not None and "extra ==" not in line:
            found[match[1]] = match[2] or "0"
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def command(_: Place) -> tuple[State, str, str]:
    """Look at which programs the shell starts for ``onedelay`` and ``pytest``."""
    ours, others = Path(sysconfig.get_path("scripts")), []
    for name in ("onedelay", "pytest"):
        found = shutil.which(name)
        if found is None:
            others.append(f"the shell finds no `{name}`")
        elif not Path(found).parent.samefile(ours):
            others.append(f"`{name}` is that of {Path(found).parent}")
    if not others:
        return State.WORKS, f"`onedelay` and `pytest` are those of {ours}", ""
    return State.ABSENT, "; ".join(others), f"activate the environment in {ours.parent}, or give the programs' paths"


def grading(place: Place) -> tuple[State, str, str]:
    """Look at what grading a class needs."""
    return _extra("grade", place)


def nbgrader(place: Place) -> tuple[State, str, str]:
    """Look at nbgrader."""
    return _extra("nbgrader", place)


def dask(place: Place) -> tuple[State, str, str]:
    """Look at Dask."""
    return _extra("dask", place)


def _extra(name: str, place: Place) -> tuple[State, str, str]:
    purpose, modules = _EXTRAS[name]
    every = tuple(module for _, some in _EXTRAS.values() for module in some)
    found = imported(every, place.root)
    wrong = {module: found[module] for module in modules if found[module]}
    if wrong:
        seen = ", ".join(module if why == "missing" else f"{module} ({why})" for module, why in wrong.items())
        return State.ABSENT, f"{seen}: {purpose}", f"pip install 'onedelay[{name}]'"
    return State.WORKS, ", ".join(f"{module} {_version_of(module)}".rstrip() for module in modules), ""


@lru_cache
def imported(modules: tuple[str, ...], cwd: Path) -> dict[str, str]:
    """Return for each of *modules* nothing, ``missing``, or why it cannot be imported; `Complaint`."""
    found: dict[str, str] = answer(["import", *modules], _LIMIT, cwd)
    return found


def _version_of(module: str) -> str:
    try:
        return metadata.version(_DISTRIBUTIONS.get(module, module))
    except metadata.PackageNotFoundError:
        return ""


def chromium(_: Place) -> tuple[State, str, str]:
    """Look for the browser that some of the authors' tests start."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        return State.ABSENT, "no Chromium: for authors, whose tests open pages in it", "apt-get install chromium"
    return State.WORKS, path, ""
