"""Runs a learner's program, given as text, in a real candidate process on the judge's clock."""

from __future__ import annotations

import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from grader.diagnosis.model import Diagnosis
from grader.evidence import Evidence, Failure, Left
from grader.exercise import Exercise
from grader.judge.candidates import Candidates
from grader.judge.check import Check, Rules
from grader.judge.clock import JudgeLoop
from grader.judge.conduct import Task, conduct
from grader.judge.submission import Submission, failure_of
from grader.ticks import to_seconds
from grader.timeline import Hold, Line
from grader.verdict import PASS, Verdict

SLUG = "program"
Scenario = Callable[[Submission, Check], Awaitable[Any]]


@dataclass(frozen=True)
class Outcome:
    """What the judge knows of one program: its value or its failure, and the evidence."""

    value: Any
    failure: Failure | None
    evidence: Evidence
    verdict: Verdict
    source: tuple[str, ...]

    @property
    def elapsed(self) -> float:
        """Seconds of the judge's clock from the first call to the last result."""
        return to_seconds(self.evidence.timeline.elapsed)

    @property
    def ticks(self) -> int:
        """The same in ticks."""
        return self.evidence.timeline.elapsed

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis of a failed program."""
        assert self.verdict.diagnosis is not None
        return self.verdict.diagnosis

    @property
    def holds(self) -> list[tuple[float, float, str]]:
        """Each hold of the loop: its start and end in seconds, and the text of its line."""
        holds: tuple[Hold, ...] = self.evidence.timeline.holds
        return [(to_seconds(hold.start), to_seconds(hold.end), self.text(hold.line)) for hold in holds]

    def text(self, line: Line | None) -> str:
        """Return the text of a line of the program, without its comment."""
        return "" if line is None else self.source[line.number - 1].partition("#")[0].strip()


class Programs:
    """Writes programs as submissions of a small exercise, and judges them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    def __call__(self, source: str, *args: Any, scenario: Scenario | None = None, **options: Any) -> Outcome:
        """Run *source* and return its outcome; it must end well.

        args: what its function ``main`` is called with; scenario: calls the submission instead.
        options: those of `Rules`; functions: what the exercise declares, ``{"main": "async"}`` by default;
        inside, mistakes: the texts of its ``inside.py`` and ``mistakes.toml``.
        """
        outcome = self.judge(source, *args, scenario=scenario, **options)
        assert outcome.verdict.outcome == PASS, outcome.verdict
        return outcome

    def fails(self, source: str, *args: Any, scenario: Scenario | None = None, **options: Any) -> Outcome:
        """Run *source*, which must not end well."""
        outcome = self.judge(source, *args, scenario=scenario, **options)
        assert outcome.failure is not None, outcome.value
        return outcome

    def judge(
        self,
        source: str,
        *args: Any,
        scenario: Scenario | None = None,
        functions: dict[str, str] | None = None,
        inside: str | None = None,
        mistakes: str = "",
        **rules: Any,
    ) -> Outcome:
        """Run *source* in a fresh candidate."""
        exercise, text = self._write(source, functions or {"main": "async"}, inside)
        (exercise.folder / "mistakes.toml").write_text(textwrap.dedent(mistakes), "utf-8")
        candidates = Candidates()
        check = Check(exercise, exercise.stub, candidates, replace(Rules(), **rules))
        submission, loop = Submission(check), JudgeLoop()
        ended: list[Any] = []
        failures: list[Failure | None] = []

        async def call_main() -> Any:
            return await submission.main(*args)

        def body() -> None:
            try:
                ended.append(loop.run_until_complete(call_main() if scenario is None else _run(scenario)))
            except Exception as error:
                failures.append(failure_of(error))
                raise

        async def _run(scenario: Scenario) -> Any:
            return await scenario(submission, check)

        try:
            verdict = conduct(check, Task("a program", "node", 1, 1, 1), body, lambda: loop)
            failure = failures[0] if failures else None
            evidence = check.evidence(failure or Left())
        finally:
            loop.close()
            candidates.close()
        return Outcome(ended[0] if ended else None, failure, evidence, verdict, text)

    def _write(self, source: str, functions: dict[str, str], inside: str | None) -> tuple[Exercise, tuple[str, ...]]:
        self._written += 1
        folder = self._folder / str(self._written) / f"01_{SLUG}"
        folder.mkdir(parents=True)
        text = textwrap.dedent(source).lstrip("\n")
        (folder / f"{SLUG}.py").write_text(text, "utf-8")
        (folder / f"test_{SLUG}.py").write_text(f"FUNCTIONS = {functions!r}\n", "utf-8")
        if inside is not None:
            (folder / "inside.py").write_text(textwrap.dedent(inside).lstrip("\n"), "utf-8")
        return Exercise(folder), tuple(text.splitlines())


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """Return what runs programs in fresh candidates."""
    return Programs(tmp_path_factory.mktemp("programs"))
