"""Classroom 50's autograder and its declarative tests, run as its runner would run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from grader import cli

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "03_gather_weather"
SCHEMA = ROOT / "tests" / "reports" / "exporters" / "schemas" / "classroom50.schema.json"
RUNNER = {
    "CLASSROOM": "concurrency",
    "ASSIGNMENT": "weather",
    "SUBMISSION_TAG": "submit/2026-11-25T10-00-00Z-abc1234",
    "COMMIT_URL": "https://git.example/commit/abc1234",
    "RELEASE_URL": "https://git.example/releases/1",
    "OWNER": "ada",
}


def _autograde(checkout: Path, variables: Mapping[str, str], root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader.packaging.classroom50", str(root), "03", "--isolation", "none"]
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(("file", "all_points"), [("gather_weather.py", True), ("rejected/ran-sequentially.py", False)])
def test_right_and_wrong(tmp_path: Path, file: str, all_points: bool) -> None:
    """A checkout is graded, and result.json is by the schema."""
    shutil.copy(SOLUTIONS / file, tmp_path / "gather_weather.py")
    done = _autograde(tmp_path, RUNNER)
    data = json.loads((tmp_path / "result.json").read_text("utf-8"))

    assert done.returncode == 0, done.stderr
    jsonschema.validate(data, {**json.loads(SCHEMA.read_text("utf-8")), "$ref": "#/$defs/result"})
    assert (data["score"] == data["max-score"]) == all_points
    assert data["score"] > 0


def test_outside_of_the_runner(tmp_path: Path) -> None:
    """Without the runner's variables nothing is written, and what is missing is said."""
    done = _autograde(tmp_path, {**RUNNER, "CLASSROOM": ""})

    assert done.returncode == 1
    assert "CLASSROOM not set" in done.stderr
    assert not (tmp_path / "result.json").exists()


def test_a_fault_is_no_zero(tmp_path: Path) -> None:
    """Where the grader fails there is no result, and the exit code says that it was not the student's."""
    shutil.copytree(ROOT / "exercises" / "03_gather_weather", tmp_path / "exercises" / "03_gather_weather")
    check = tmp_path / "exercises" / "03_gather_weather" / "test_gather_weather.py"
    check.write_text("import nothing_of_the_kind\n")
    done = _autograde(tmp_path, RUNNER, tmp_path)

    assert done.returncode == 1
    assert "a fault of the grader" in done.stderr
    assert not (tmp_path / "result.json").exists()


def test_declarative_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints a declarative test for each exercise, or writes them, by the schema."""
    monkeypatch.chdir(ROOT)
    args = ["package", "classroom50", "--exercise", "03", "--exercise", "11", "--points", "7"]

    assert cli.main(args) == 0
    printed = capsys.readouterr().out
    out = tmp_path / "tests.json"
    assert cli.main([*args, "--out", str(out)]) == 0
    assert out.read_text("utf-8") == printed
    jsonschema.validate(json.loads(printed), {**json.loads(SCHEMA.read_text("utf-8")), "$ref": "#/$defs/declared"})
    assert [test["points"] for test in json.loads(printed)] == [7, 7]
