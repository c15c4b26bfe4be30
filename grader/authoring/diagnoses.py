"""Writes the pages of the diagnoses: each shows a wrong program, what its learner sees, and its picture, all run.

A page is ``docs/diagnoses/CODE.md``. Its words are written by hand; between ``<!-- example: NAME -->`` and
``<!-- end of example -->`` stands what comes out when ``docs/diagnoses/examples/wrong/NAME`` is judged. NAME is the
code, or code.variant; ``--limit`` and ``--isolation`` behind it mean what they mean to pytest. It knows no rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.batch.job import Job, Settings
from grader.batch.worker import grade_jobs
from grader.diagnosis.model import Diagnosis
from grader.exercise import Exercise, exercises_in
from grader.reports import svg, terminal
from grader.verdict import ExerciseVerdict

END: Final = "<!-- end of example -->"
_PLACE: Final = re.compile(r"<!-- example: (?P<name>[a-z.-]+)(?P<options>(?: --\w+ [\w.]+)*) -->\n.*?" + END, re.DOTALL)
_WHERE: Final = re.compile(r"\S*/onedelay-judge-\w+/\d+/")  # the folder of a judge is another one each time
_AT_ONCE: Final = 2


@dataclass(frozen=True)
class Example:
    """A wrong answer to one of the small tasks beside it, and how it is to be judged."""

    name: str
    exercise: Exercise
    file: Path
    limit: float
    isolation: str

    @property
    def options(self) -> str:
        """What to add to pytest's command to see the same."""
        limit = f" --limit {self.limit:g}" if self.limit != Settings.limit else ""
        return limit + (f" --isolation {self.isolation}" if self.isolation != "none" else "")


@dataclass(frozen=True)
class Seen:
    """What came of an example: its diagnosis, the report that its learner sees, and the drawing with its words."""

    diagnosis: Diagnosis
    report: str
    picture: str = ""
    words: str = ""


class UnseenError(LookupError):
    """An example cannot be judged on this machine, or nothing is wrong with it; the message says why."""


def pages_in(folder: Path) -> list[Path]:
    """Return the pages of diagnoses in *folder* (``docs/diagnoses``), by name."""
    return sorted(folder.glob("*.md"))


def examples_on(page: Path) -> list[Example]:
    """Return the examples that *page* has a place for; `UnseenError` when one of them is not there."""
    return [_example(page, place) for place in _PLACE.finditer(page.read_text("utf-8"))]


def _example(page: Path, place: re.Match[str]) -> Example:
    root, name = page.parent / "examples", place["name"]
    file = next(iter(sorted((root / "wrong" / name).glob("*.py"))), None)
    tasks = [task for task in exercises_in(root / "exercises") if file is not None and task.slug == file.stem]
    if file is None or not tasks:
        raise UnseenError(f"{name}: examples/wrong/{name} holds no answer to any of examples/exercises")
    given = dict(re.findall(r"--(\w+) ([\w.]+)", place["options"]))
    return Example(name, tasks[0], file, float(given.get("limit", Settings.limit)), given.get("isolation", "none"))


def judge(examples: Sequence[Example]) -> Iterator[tuple[Example, Seen | UnseenError]]:
    """Judge *examples*, those of one task one after another; yield each with what came of it."""
    groups: dict[tuple[Exercise, float, str], list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.exercise, example.limit, example.isolation].append(example)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for group, found in zip(groups.values(), pool.map(_judge_alike, groups.values()), strict=True):
            yield from zip(group, found, strict=True)


def _judge_alike(examples: Sequence[Example]) -> list[Seen | UnseenError]:
    first = examples[0]
    settings = Settings(first.exercise.folder.parent.parent, "both", first.isolation, first.limit)
    jobs = [Job(e.name, e.exercise.name, e.file.name, {e.file.name: e.file.read_bytes()}) for e in examples]
    replies = grade_jobs(settings, jobs)
    return [_seen(example, reply.verdict, reply.fault) for example, reply in zip(examples, replies, strict=True)]


def _seen(example: Example, verdict: ExerciseVerdict | None, fault: str) -> Seen | UnseenError:
    if verdict is None:
        return UnseenError(f"{example.name}: {fault}")
    if verdict.cause is None or verdict.cause.diagnosis is None:
        return UnseenError(f"{example.name}: {verdict.outcome}, and no diagnosis")
    diagnosis, picture = verdict.cause.diagnosis, verdict.cause.picture
    rows = terminal.render(verdict, terminal.Style())
    report = "\n".join(_WHERE.sub("", row.text) for row in rows)
    if picture is None or not diagnosis.pictured:
        return Seen(diagnosis, report)
    drawn = svg.figure(picture, "yours")
    return Seen(diagnosis, report, svg.document(drawn, diagnosis.title), drawn.words)


def written(page: Path, seen: dict[str, Seen]) -> dict[Path, str]:
    """Return the texts of *page* and of its pictures, file -> text, with what was *seen* of its examples."""
    texts: dict[Path, str] = {}

    def fill(place: re.Match[str]) -> str:
        example = _example(page, place)
        found = seen.get(example.name)
        if found is None:  # it cannot be judged here: what stands there stays
            return place[0]
        if found.picture:
            texts[page.parent / "pictures" / f"{example.name}.svg"] = found.picture
        begin = f"<!-- example: {place['name']}{place['options']} -->"
        return f"{begin}\n{_shown(example, found)}\n{END}"

    return {page: _PLACE.sub(fill, page.read_text("utf-8")), **texts}


def _shown(example: Example, seen: Seen) -> str:
    program = example.file.read_text("utf-8").rstrip()
    task = f"[{example.exercise.slug}](../diagnoses.md#the-small-tasks)"
    options = f" (with `{example.options.strip()}`)" if example.options else ""
    lines = (
        [f"An answer to {task}:", "", "```python", program, "```", ""]
        if program
        else [f"An answer to {task}, empty.", ""]
    )
    lines += [f"What its learner sees{options}:", "", "```text", seen.report, "```"]
    if seen.picture:
        lines += ["", f"![{seen.words}](pictures/{example.name}.svg)"]
    return "\n".join(lines)
