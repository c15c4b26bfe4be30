"""What the doctor tries in a process of its own, which may hang or crash: ``python -m grader.doctor.trying WHAT …``.

It prints one line of JSON. What a level of isolation is made of and how a check is judged, it does not know.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from grader.exercise import Exercise

_TIMES: Final = 5


def imports(*names: str) -> dict[str, str]:
    """Import the modules called *names*; return why it failed, or nothing, for each."""
    found = {}
    for name in names:
        try:
            importlib.import_module(name)
            found[name] = ""
        except Exception as problem:  # noqa: BLE001 - a package may be broken in any way
            missing = isinstance(problem, ModuleNotFoundError) and problem.name == name
            found[name] = "missing" if missing else f"{type(problem).__name__}: {problem}"
    return found


def isolation(root: str) -> dict[str, Any]:
    """Measure as ``onedelay grade`` does; return the best level, its line, and why it is not more, level by level."""
    from grader.batch.worker import measured_here  # noqa: PLC0415 - loads the judge
    from grader.judge.isolation.level import CannotIsolateError, Level  # noqa: PLC0415

    best, why = measured_here(Level.NONE, Path(root)), []
    for level in sorted(set(Level) - {Level.NONE}, reverse=True):
        try:
            measured = measured_here(level, Path(root))
        except CannotIsolateError as reason:
            named = str(reason).startswith("isolation ")  # which level it is of
            why.append(str(reason) if named else f"{level.word}: {reason}")
            continue
        if measured.level > best.level:
            best = measured
        if measured.level is level:
            break
        why.append(f"{level.word}: {measured.missing}")
    return {"level": best.level.word, "line": best.line, "why": why}


def judge(folder: str, file: str) -> dict[str, Any]:
    """Judge *file* as a submission of the exercise in *folder*, on the virtual clock, again and again.

    Return the fewest milliseconds it took, the number of checks, and the faults of ours.
    """
    from grader.batch.job import Job, Settings  # noqa: PLC0415 - loads the judge
    from grader.batch.server import Server  # noqa: PLC0415

    exercise = Exercise(Path(folder))
    name = exercise.stub.name
    server = Server(exercise, Settings(exercise.folder.parent.parent, "virtual", "none"))
    try:
        server.start()
        times = []
        for _ in range(_TIMES):
            begun = time.perf_counter()
            reply = server.grade(Job("doctor", exercise.name, name, {name: Path(file).read_bytes()}))
            times.append(time.perf_counter() - begun)
    finally:
        server.close()
    faults = [verdict["fault"] for verdict in reply.verdicts if verdict["fault"]]
    return {"ms": 1000 * min(times), "checks": len(reply.verdicts), "faults": faults}


_WHAT: Final[dict[str, Callable[..., Any]]] = {"import": imports, "isolation": isolation, "judge": judge}


def main(words: Sequence[str]) -> None:
    """Do what *words* say: the name of one of the functions above, and what it takes."""
    print(json.dumps(_WHAT[words[0]](*words[1:])))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(sys.argv[1:])
