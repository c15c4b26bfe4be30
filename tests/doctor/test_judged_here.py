"""The doctor has an exercise judged by pytest as it is set up here, and says what is in its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import shipped
from grader.doctor import testing
from grader.doctor.finding import Place, Probe, State
from grader.exercise import exercises_in
from grader.learning.workspace import Workspace, create

PASSES_ALL = """\
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    return True
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A workspace with one exercise."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    name = next(e.name for e in exercises_in(shipped.exercises_folder()) if e.number == testing._PREFERRED)
    create(tmp_path / "work", [name])
    return Place(tmp_path / "work", Workspace(tmp_path / "work"))


def conftest(place: Place, text: str) -> None:
    (place.root / "conftest.py").write_text(text, "ascii")


def test_pytest_collects_the_checks_of_a_workspace(place: Place) -> None:
    """And what is loaded besides is listed."""
    state, seen, advice = testing.pytest_here(place)
    assert (state, advice) == (State.WORKS, "") and "checks found" in seen and "conftest" not in seen


def test_a_conftest_above_is_named(place: Place) -> None:
    """Though it does no harm; with another mode of asyncio's, and the options of the environment."""
    conftest(place, "")
    (place.root / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n", "ascii")
    state, seen, _ = testing.pytest_here(place)
    assert state is State.WORKS and str(place.root / "conftest.py") in seen and "auto" in seen


def test_a_conftest_that_fails_is_named_with_its_error(place: Place) -> None:
    """As pytest tells it, in one line."""
    conftest(place, "raise RuntimeError('mine')\n")
    state, seen, _ = testing.pytest_here(place)
    assert state is State.BROKEN and "conftest.py" in seen and "RuntimeError: mine" in seen


def test_options_in_the_environment_are_blamed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pytest does not know them."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    state, seen, advice = testing.pytest_here(place)
    assert state is State.BROKEN and "--no-such-option" in seen and "unset PYTEST_ADDOPTS" in advice


def test_a_plugin_of_ours_that_is_switched_off_is_a_fault(place: Place) -> None:
    """With the options that do it."""
    (place.root / "pytest.ini").write_text("[pytest]\naddopts = -p no:asyncio\n", "ascii")
    state, seen, advice = testing.pytest_here(place)
    assert state is State.BROKEN and seen.startswith("the plugin of pytest-asyncio is off; ")
    assert "addopts -p no:asyncio" in seen and str(place.root / "pytest.ini") in advice


def test_no_check_at_all_is_a_fault(place: Place) -> None:
    """Whatever took them away."""
    conftest(place, "def pytest_collection_modifyitems(items):\n    items.clear()\n")
    state, seen, advice = testing.pytest_here(place)
    assert state is State.BROKEN and "0 checks found" in seen and advice == "look at that conftest.py"


def test_an_exercise_of_this_installation_has_to_be_here(tmp_path: Path) -> None:
    """Otherwise there is nothing to try with."""
    finding = Probe("judging", testing.judged).finding(Place(tmp_path, None))
    assert finding.state is State.BROKEN and "none of the exercises" in finding.seen


@pytest.mark.slow
def test_the_untouched_exercise_and_a_right_answer_are_judged(place: Place) -> None:
    """In the learner's folder, of which nothing changes, their progress least of all."""
    before = {path: path.read_bytes() for path in place.root.rglob("*") if path.is_file()}
    assert testing.judged(place)[0] is State.WORKS
    assert {path: path.read_bytes() for path in place.root.rglob("*") if path.is_file()} == before


@pytest.mark.slow
def test_a_plugin_that_lets_everything_pass_is_found_out(place: Place) -> None:
    """Since without what is set up here the verdict is another one."""
    conftest(place, PASSES_ALL)
    state, seen, _ = testing.judged(place)
    assert state is State.BROKEN and "without what is set up here it is judged rightly" in seen


@pytest.mark.slow
def test_a_warm_judge_says_how_long_a_check_takes(place: Place) -> None:
    """In milliseconds."""
    state, seen, _ = testing.judge(place)
    assert state is State.WORKS and "ms each" in seen
