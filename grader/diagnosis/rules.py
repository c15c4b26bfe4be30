"""All diagnoses, in the order in which they are asked."""

from __future__ import annotations

from typing import Final

from grader.diagnosis.errors import ERRORS
from grader.diagnosis.leftovers import LEFTOVERS
from grader.diagnosis.loading import LOADING
from grader.diagnosis.model import Diagnosis, Rule
from grader.diagnosis.results import RESULTS
from grader.diagnosis.running import RUNNING
from grader.diagnosis.timing import TIMING
from grader.evidence import Evidence

# From the most fundamental to the most particular: the first rule that speaks is the cause.
RULES: Final[tuple[Rule, ...]] = (*LOADING, *RUNNING, *ERRORS, *LEFTOVERS, *TIMING, *RESULTS)


def diagnose(evidence: Evidence) -> tuple[Diagnosis, int]:
    """Return the diagnosis of a failed check and its rank: a lower one is a more fundamental cause."""
    for rank, rule in enumerate(RULES):
        diagnosis = rule(evidence)
        if diagnosis is not None:
            return diagnosis, rank
    return Diagnosis("wrong-result", "not right yet", repr(evidence.failure)[:200]), len(RULES)
