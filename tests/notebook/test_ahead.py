"""Judges start while nbgrader is being imported, as the grading steps will ask for them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("traitlets", reason="pip install 'onedelay[nbgrader]'")

from grader.batch import worker  # noqa: E402
from grader.batch.job import Settings  # noqa: E402
from grader.notebook.autograde import ahead  # noqa: E402

NAME = "03_gather_weather"


@pytest.fixture
def course(make_course: Callable[..., Any]) -> Iterator[Path]:
    """A course whose source stands for what was released; at isolation none, which every machine gives."""
    made = make_course("03", options=("--isolation", "none"))
    (made.folder / "source").rename(made.folder / "release")
    yield made.folder
    worker.close_servers()


def judges(seconds: float) -> list[Settings]:
    """Return the settings of the judges that are there, as soon as there are any."""
    deadline = time.monotonic() + seconds
    while not worker._SERVERS and time.monotonic() < deadline:
        time.sleep(0.05)
    return [server.settings for server in worker._SERVERS]


def test_they_are_those_that_will_be_asked_for(course: Path) -> None:
    """With the seed that was told, the isolation of the configuration and the clock of the grade cell."""
    seed = ahead.start(course, NAME)
    expected = Settings(course, "decisive", "none", 10.0, seed)
    assert set(judges(30)) == {expected}


def test_a_seed_of_the_configuration_wins(course: Path) -> None:
    """As it does in the steps."""
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("c.Submissions.seed = 7\n")
    ahead.start(course, NAME)
    assert {settings.seed for settings in judges(30)} == {7}


@pytest.mark.parametrize("trouble", ["kernel", "no such assignment", "no notebook of ours"])
def test_without_a_use_for_them_there_are_none(course: Path, trouble: str) -> None:
    """And nothing is said: the steps say it."""
    name = NAME
    if trouble == "kernel":
        with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write('c.Submissions.how = "kernel"\n')
    elif trouble == "no such assignment":
        name = "08"
    else:
        (course / "release" / NAME / f"{NAME}.ipynb").write_text(json.dumps({"cells": []}), "utf-8")
    ahead.start(course, name)
    assert judges(1) == []
