"""``pytest exercises/03`` and its relatives, run as a user runs them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = "exercises/03_gather_weather"
TEST = f"{FOLDER}/test_gather_weather.py"
SOLUTIONS = ROOT / "solutions" / "03_gather_weather"
WRONG = SOLUTIONS / "rejected" / "ran-sequentially.py"


def run(*args: str, cwd: Path = ROOT, module: str = "pytest") -> subprocess.CompletedProcess[str]:
    """Run a module of this environment's Python and return what it printed."""
    command = [sys.executable, "-m", module, *args]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


@pytest.mark.parametrize(
    "args",
    [
        ["exercises/03"],
        ["exercises/3"],
        ["exercises/03/"],
        ["exercises/03_gather"],
        ["exercises/gather"],
        [FOLDER],
        [TEST],
        ["exercises/03/test_gather_weather.py"],
        ["./exercises/03"],
        [str(ROOT / "exercises" / "03")],
    ],
    ids=" ".join,
)
def test_names_of_an_exercise(args: list[str]) -> None:
    """A number or an unambiguous prefix stands for the exercise's folder, as its path does."""
    done = run(*args, "--collect-only", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{TEST}::test_one_delay" in done.stdout
    assert "7 tests collected" in done.stdout


def test_several_exercises_and_node_ids() -> None:
    """Several exercises, node ids and -k can be combined."""
    done = run("exercises/02", "exercises/03::test_order", "--collect-only", "-q")
    assert f"{TEST}::test_order" in done.stdout
    assert "test_one_delay" not in done.stdout
    assert "02_count_async" in done.stdout
    assert "1/7 tests collected" in run("exercises/03", "-k", "order", "--collect-only", "-q").stdout


@pytest.mark.parametrize(("prefix", "says"), [("99", "is no exercise"), ("0", "is more than one exercise")])
def test_unknown_and_ambiguous_names(prefix: str, says: str) -> None:
    """A name that fits none, or several, gets one line that says where the names are, and exit code 4."""
    done = run(f"exercises/{prefix}")
    assert done.returncode == 4
    (line,) = [line for line in done.stderr.splitlines() if line.strip()]
    assert says in line
    assert "that `onedelay list` names" in line


def test_a_misspelt_name_is_answered_with_those_that_look_like_it() -> None:
    """Where some names come near, they are the candidates."""
    assert "choose from 03_gather_weather" in run("exercises/gathr_weather").stderr


def test_inside_the_folder() -> None:
    """pytest without a path, inside the exercise's folder, grades it."""
    done = run(cwd=ROOT / FOLDER)
    assert "03 gather_weather" in done.stdout
    assert "not started" in done.stdout


def test_report_of_a_wrong_submission() -> None:
    """The report names the misconception, the line, both timelines and the next step, in few and short lines."""
    done = run("exercises/03", "--submission", str(WRONG))
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    report = done.stdout[done.stdout.index("03 gather_weather") :].splitlines()
    assert "ran one after another" in report[0]
    assert report[0].endswith("5 of 8 points")
    assert "50 requests took 50 delays; at most 1 was in flight." in done.stdout
    assert "ran-sequentially.py:8   response = await client.get" in done.stdout
    assert "yours   #1  ▓" in done.stdout
    assert "Try: start them all first" in done.stdout
    assert len(report) <= 16


def test_ascii_where_the_stream_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that cannot show the pictures' characters gets ASCII."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = run("exercises/03", "--submission", str(WRONG))
    assert "yours   #1  #" in done.stdout
    assert done.stdout.isascii()


def test_every_check_with_vv() -> None:
    """-vv lists every check with its points."""
    done = run("exercises/03", "-vv", f"--submission={WRONG}")
    assert "Fifty requests take one delay" in done.stdout
    assert "0/2" in done.stdout
    assert "One client serves all requests, and is closed" in done.stdout


def test_submission_is_not_changed(tmp_path: Path) -> None:
    """Grading a folder elsewhere leaves it as it was, and keeps pytest's root where the exercises are."""
    text = (SOLUTIONS / "gather_weather.py").read_text("utf-8")
    (tmp_path / "gather_weather.py").write_text(text, "utf-8")
    done = run("exercises/03", "--submission", str(tmp_path), "-v")
    assert done.returncode == 0, done.stdout
    assert f"rootdir: {ROOT}" in done.stdout
    assert "one delay is 0.20 s, one after another would be 10.0 s" in done.stdout
    assert [path.name for path in tmp_path.rglob("*")] == ["gather_weather.py"]
    assert (tmp_path / "gather_weather.py").read_text("utf-8") == text


def test_json_report_follows_its_schema(tmp_path: Path) -> None:
    """--report json writes what the schema describes, the timelines included."""
    report = tmp_path / "report.json"
    run("exercises/03", f"--report=json={report}", f"--submission={WRONG}", f"--submission={SOLUTIONS}")
    data = json.loads(report.read_text("utf-8"))
    jsonschema.validate(data, json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8")))
    right, wrong = sorted(data["exercises"], key=lambda item: item["outcome"] == "FAIL")
    assert (right["outcome"], right["earned"]) == ("PASS", right["points"])
    assert (wrong["diagnosis"]["code"], wrong["diagnosis"]["line"]) == ("ran-sequentially", 8)
    yours = wrong["checks"][0]["timeline"]["yours"]
    assert [operation["start"] for operation in yours] == [float(second) for second in range(50)]


def test_first_failure_stops_and_last_failed_runs_again(tmp_path: Path) -> None:
    """-x stops at the first failing check and --lf runs it again."""
    cache = f"cache_dir={tmp_path}"
    given = f"--submission={SOLUTIONS / 'rejected' / 'wrong-order.py'}"
    assert "1 failed in" in run("exercises/03", "-x", given, "-o", cache).stdout
    again = run("exercises/03", "--lf", given, "-o", cache).stdout
    assert "rerun previous 1 failure" in again


def test_two_workers() -> None:
    """With xdist the controller prints the same report."""
    done = run("exercises/03", "-n", "2", f"--submission={SOLUTIONS}")
    assert done.returncode == 0, done.stdout
    assert "all checks pass" in done.stdout
    assert "8 of 8 points" in done.stdout


def test_output_is_shown_live_with_s() -> None:
    """With -s what the learner prints is shown when it happens, and not a second time in the report."""
    done = run("exercises/03", "-s", "-k", "order", "--submission=tests/bad/submissions/prints.py")
    assert done.stdout.count("fetching 6 cities") == 1


def test_timeout_of_pytest_timeout_is_the_learners() -> None:
    """A check that runs into pytest-timeout is the learner's endless program, with its line."""
    given = "--submission=tests/bad/submissions/endless-loop.py"
    done = run("exercises/03", "-k", "order", "--timeout=6", given)
    assert "never ended" in done.stdout
    assert re.search(r"endless-loop\.py:(9|10) ", done.stdout), done.stdout


def test_decisive_leaves_out_what_another_check_decides() -> None:
    """Confirmations are not run and not expected; what only the real clock can decide stays."""
    told = run("exercises/03", "exercises/33", "--clock=decisive", "--collect-only", "-q").stdout
    assert "::test_one_delay" in told
    assert "::test_for_real" not in told
    assert "::test_several_processes" in told
    assert "1 deselected" in told
    graded = run("exercises/03", "--clock=decisive", f"--submission={SOLUTIONS}").stdout
    assert "7 of 7 points" in graded, graded


def test_in_process_gives_the_same_verdict() -> None:
    """--in-process runs the same checks in pytest's own process, on both clocks."""
    assert "8 of 8 points" in run("exercises/03", "--in-process", f"--submission={SOLUTIONS}").stdout
    assert "ran one after another" in run("exercises/03", "--in-process", f"--submission={WRONG}").stdout


def test_a_slow_attempt_is_made_again(tmp_path: Path) -> None:
    """On the real clock the best of three attempts counts, and each meets the same world."""
    flag = tmp_path / "flag"
    text = (SOLUTIONS / "gather_weather.py").read_text("utf-8")
    once = f"import pathlib\nFLAG = pathlib.Path({str(flag)!r})\n"
    slow = "    if not FLAG.exists():\n        FLAG.touch()\n        await asyncio.sleep(2)\n"
    head, body = text.split("    async def fetch(", 1)
    future = "from __future__ import annotations\n"
    head = head.replace(future, future + once)
    (tmp_path / "gather_weather.py").write_text(f"{head}{slow}    async def fetch({body}", "utf-8")
    done = run("exercises/03", "--clock=real", f"--submission={tmp_path}")
    assert flag.exists()
    assert "1 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("option", "says"),
    [("--report=xml", "choose terminal, json"), ("--limit=0", "needs some time")],
)
def test_options_that_make_no_sense(option: str, says: str) -> None:
    """An option with a value that it cannot have gets one line."""
    done = run("exercises/03", option)
    assert done.returncode == 4
    (line,) = [line for line in done.stderr.splitlines() if line.strip()]
    assert says in line


def test_report_that_cannot_be_written(tmp_path: Path) -> None:
    """A file that cannot be written is named, and the report on the terminal is there."""
    done = run("exercises/03", "-k", "order", f"--report=json={tmp_path / 'absent' / 'report.json'}")
    assert "not written to" in done.stdout
    assert "not started" in done.stdout
    assert "Traceback" not in done.stdout


PETS = """
import pytest
{before}
FUNCTIONS = {{"stroke": "async"}}

@pytest.mark.skipif({condition}, reason="needs a dog")
async def test_dog(submission):
    \"\"\"With a dog.\"\"\"
    await submission.stroke()

async def test_cat(submission):
    \"\"\"With a cat.\"\"\"
    await submission.stroke()
"""


@pytest.mark.parametrize(
    ("before", "condition", "says", "code"),
    [
        ("", True, "1 of 1 points\n   Left out here: With a dog (needs a dog).", 0),
        ("", False, "2 of 2 points", 0),
        ('pytest.importorskip("no_such", reason="needs pets")', False, "left out on this machine: needs pets", 5),
    ],
)
def test_what_the_machine_lacks(tmp_path: Path, before: str, condition: bool, says: str, code: int) -> None:
    """A check, or an exercise, that this machine cannot run does not count, and the report says why."""
    folder = tmp_path / "exercises" / "41_pets"
    folder.mkdir(parents=True)
    (folder / "test_pets.py").write_text(PETS.format(before=before, condition=condition), "utf-8")
    (folder / "pets.py").write_text("async def stroke(): ...", "utf-8")
    done = run("exercises/41", cwd=tmp_path)
    assert says in done.stdout
    assert done.returncode == code


def test_other_projects_are_left_alone(tmp_path: Path) -> None:
    """In a project without exercises the plugin changes nothing."""
    (tmp_path / "test_plain.py").write_text(
        "import asyncio, pytest, time\n@pytest.mark.asyncio\nasync def test_it():\n"
        "    start = time.monotonic()\n    await asyncio.sleep(0.01)\n    assert time.monotonic() - start >= 0.009\n",
        "utf-8",
    )
    done = run("-q", cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("args", "says", "code"),
    [
        (["list"], "03  gather_weather", 0),
        (["hint", "03"], "Hint 1 of 3", 0),
        (["hint", "03", "3"], "Hint 3 of 3", 0),
        (["check", "03", "-k", "order"], "not started", 1),
        (["hint", "77"], "is no exercise", 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_onedelay_command(args: list[str], says: str, code: int) -> None:
    """The command line lists, hints and checks."""
    done = run(*args, module="grader.cli")
    assert says in done.stdout + done.stderr
    assert done.returncode == code
