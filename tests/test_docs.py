"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def codes() -> set[str]:
    """Return every diagnosis that the rules can give."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "grader" / "diagnosis").glob("*.py"))
    known = set(re.findall(r'(?:Diagnosis|_Known)\(\s*"([a-z-]+)"', text))
    return known | set(re.findall(r'code(?:, \w+)* = "([a-z-]+)"', text))


def test_every_diagnosis_is_described() -> None:
    """docs/diagnoses.md has an entry for every diagnosis, and for no other."""
    described = set(
        re.findall(r"`([a-z]+(?:-[a-z]+)*)`(?=[,\s|].*\|)", (ROOT / "docs" / "diagnoses.md").read_text("utf-8"))
    )
    missing = codes() - described
    assert len(codes()) > 30
    assert not missing


def test_readme_shows_the_points_that_there_are() -> None:
    """The README's samples of output have the points of today's exercise."""
    test = (ROOT / "exercises" / "03_gather_weather" / "test_gather_weather.py").read_text("utf-8")
    points = sum(int(n) for n in re.findall(r"points=(\d+)", test)) + test.count("async def test_")
    points -= len(re.findall(r"points=\d+", test))
    points += 1  # test_errors runs for two statuses
    shown = set(re.findall(r"of (\d+) points", (ROOT / "README.md").read_text("utf-8")))
    assert shown == {str(points)}
