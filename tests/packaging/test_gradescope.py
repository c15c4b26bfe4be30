"""The Gradescope autograder: what is in its zip, and its scripts run outside of Gradescope, as it would run them."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader import cli
from grader.exercise import Exercise
from grader.packaging.gradescope import NotPackagedError, Plan, package_gradescope, plan_of

ROOT = Path(__file__).parents[2]
WEATHER = Exercise(ROOT / "exercises" / "03_gather_weather")
SOLUTIONS = ROOT / "solutions" / WEATHER.name
SCHEMA = ROOT / "tests" / "reports" / "exporters" / "schemas" / "gradescope.schema.json"

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def archive() -> bytes:
    """Return an autograder for 03, which leaves submissions in an ordinary process."""
    return package_gradescope([WEATHER], Plan((WEATHER.name,), isolation="none"))


def _unpack(content: bytes, place: Path) -> None:
    # As Gradescope does: zipfile itself forgets who may execute.
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        for info in zipped.infolist():
            path = Path(zipped.extract(info, place))
            path.chmod(info.external_attr >> 16 & 0o777)


def _environment(root: Path) -> dict[str, str]:
    # The judge is the one of the zip. A candidate takes no PYTHONPATH and has the one that is installed.
    ours = {"ONEDELAY_ROOT": str(root), "ONEDELAY_PYTHON": sys.executable, "PYTHONPATH": str(root / "source")}
    return {**os.environ, **ours}


@pytest.fixture
def container(archive: bytes, tmp_path: Path) -> Iterator[tuple[Path, Run]]:
    """Return a scratch ``/autograder`` that has been set up, and what grades files in it."""
    root = tmp_path / "autograder"
    _unpack(archive, root / "source")
    environment = _environment(root)
    subprocess.run([root / "source" / "setup.sh"], env=environment, check=True, timeout=60)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")

    def run(files: dict[str, bytes], **more: str) -> dict[str, Any]:
        shutil.rmtree(root / "submission")
        for name, content in files.items():
            path = root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        done = subprocess.run(
            [root / "run_autograder"],
            cwd=root,
            env={**environment, **more},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        data: dict[str, Any] = json.loads((root / "results" / "results.json").read_text("utf-8"))
        jsonschema.validate(data, json.loads(SCHEMA.read_text("utf-8")))
        return {**data, "stdout": done.stdout}

    yield root, run


# -- the archive -------------------------------------------------------------------------------------------


def test_what_is_in_it(archive: bytes) -> None:
    """The scripts stand at the root and can be executed; the grader and the checks are there, no answer is."""
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in zipped.infolist()}

    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert {mode for name, mode in modes.items() if "/" in name and not name.endswith(".sh")} == {0o644}
    assert {"grader/cli.py", "grader/packaging/autograder.py", "pyproject.toml", "constraints.txt"} <= set(modes)
    assert {"exercises/03_gather_weather/test_gather_weather.py", "autograder.json", "failed.json"} <= set(modes)
    assert [name for name in modes if name.startswith("solutions/")] == ["solutions/03_gather_weather/test_hidden.py"]
    assert not [name for name in modes if name.endswith("/gather_weather.py") or "__pycache__" in name]


def test_the_same_files_give_the_same_bytes(archive: bytes) -> None:
    """An archive made again of the same files is the same."""
    assert package_gradescope([WEATHER], Plan((WEATHER.name,), isolation="none")) == archive


def test_line_ends_of_unix(archive: bytes) -> None:
    """No text in it has the line ends of Windows, which would keep a script from starting."""
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        assert not [name for name in zipped.namelist() if b"\r\n" in zipped.read(name)]
        assert zipped.read("setup.sh").startswith(b"#!/usr/bin/env bash\n")
        assert zipped.read("run_autograder").startswith(b"#!/usr/bin/env bash\n")


def test_plan_survives(archive: bytes) -> None:
    """What the autograder is to do is read as it was written."""
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        assert plan_of(zipped.read("autograder.json").decode()) == Plan((WEATHER.name,), isolation="none")


def test_it_names_no_place_of_this_machine(archive: bytes) -> None:
    """Nothing that was added says where the archive was made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        for name in ("setup.sh", "run_autograder", "autograder.json", "failed.json"):
            assert str(ROOT).encode() not in zipped.read(name)


def test_from_a_workspace(tmp_path: Path, archive: bytes) -> None:
    """Exercises that stand beside nothing else make the same archive: the rest is of the installation."""
    folder = tmp_path / "exercises" / WEATHER.name
    shutil.copytree(WEATHER.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))

    assert package_gradescope([Exercise(folder)], Plan((WEATHER.name,), isolation="none")) == archive


def test_an_installation_without_the_projects_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What setup.sh would install the grader with is missing: no archive, and the message says what."""
    monkeypatch.setattr("grader.packaging.gradescope.project_folder", lambda: tmp_path)

    with pytest.raises(NotPackagedError, match=r"has no pyproject\.toml, hatch_build\.py, constraints\.txt"):
        package_gradescope([WEATHER], Plan((WEATHER.name,)))


# -- its scripts -------------------------------------------------------------------------------------------


def test_right_and_wrong(container: tuple[Path, Run]) -> None:
    """A right submission earns everything, a wrong one less and a diagnosis; what is printed is the instructor's."""
    _, run = container
    right = run({"gather_weather.py": (SOLUTIONS / "gather_weather.py").read_bytes()})
    wrong = run({"gather_weather.py": (SOLUTIONS / "rejected" / "ran-sequentially.py").read_bytes()})

    assert right["output"] == "03 gather_weather: the checks that are shown pass."
    assert right["score"] == sum(test["max_score"] for test in right["tests"])
    assert {test["status"] for test in right["tests"]} == {"passed"}
    assert "Isolation: none (not isolated" in right["stdout"]
    assert wrong["output"] == "03 gather_weather: ran one after another."
    assert 0 < wrong["score"] < right["score"]
    assert wrong["extra_data"]["exercises"][0]["diagnoses"][0] == "ran-sequentially"
    assert "ran-sequentially" in wrong["stdout"]


def test_hidden_checks(container: tuple[Path, Run]) -> None:
    """Hidden checks are run and count; their names are in what the instructor reads only."""
    _, run = container
    data = run({"gather_weather.py": (SOLUTIONS / "gather_weather.py").read_bytes()})
    stdout = data.pop("stdout")
    tests = ast.parse((SOLUTIONS / "test_hidden.py").read_text("utf-8")).body
    titles = [
        (ast.get_docstring(node) or "").rstrip(".")
        for node in tests
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]

    assert titles
    for title in titles:
        assert title in stdout
        assert title not in json.dumps(data, ensure_ascii=False)
    secret = [test for test in data["tests"] if test["name"].startswith("Hidden check")]
    assert secret
    assert all(test["status"] == "passed" and test["visibility"] == "after_published" for test in secret)


@pytest.mark.parametrize(
    ("files", "score", "words"),
    [
        ({"My Weather (1).py": "right"}, "all", "the checks that are shown pass"),
        ({"ada/gather_weather.py": "right", "ada/notes.py": "wrong"}, "all", "the checks that are shown pass"),
        ({"notes.txt": "wrong"}, "none", "the file is missing"),
        ({f"file_{number}.py": "wrong" for number in range(201)}, "none", "holds more than 200 files"),
    ],
    ids=["another name", "in a folder", "no Python", "too many files"],
)
def test_what_is_handed_in(container: tuple[Path, Run], files: dict[str, str], score: str, words: str) -> None:
    """The one file that can be meant is graded; what is not there, or too much, is said."""
    _, run = container
    paths = {"right": SOLUTIONS / "gather_weather.py", "wrong": SOLUTIONS / "rejected" / "ran-sequentially.py"}
    data = run({name: paths[which].read_bytes() for name, which in files.items()})

    assert words in data["output"]
    assert (data["score"] > 0) == (score == "all")


def _break_plan(root: Path) -> None:
    (root / "source" / "autograder.json").write_text("no JSON")


def _break_check(root: Path) -> None:
    (root / "source" / "exercises" / WEATHER.name / "test_gather_weather.py").write_text("import nothing_of_the_kind\n")


def _ask_too_much(root: Path) -> None:
    plan = root / "source" / "autograder.json"
    plan.write_text(plan.read_text().replace('"none"', '"unheard-of"'))


@pytest.mark.parametrize("harm", [_break_plan, _break_check, _ask_too_much])
def test_when_the_grader_fails(container: tuple[Path, Run], harm: Callable[[Path], None]) -> None:
    """Whatever breaks in the autograder, results.json is valid, and says that the fault is ours."""
    root, run = container
    harm(root)
    data = run({"gather_weather.py": (SOLUTIONS / "gather_weather.py").read_bytes()})

    assert "The grader failed here, your work did not." in data["output"]
    assert any("grader-error" in test.get("tags", []) for test in data["tests"])


def test_a_fault_is_tried_once_more(container: tuple[Path, Run]) -> None:
    """What fails in the grader once, and not again, costs nobody anything."""
    root, run = container
    check = root / "source" / "exercises" / WEATHER.name / "test_gather_weather.py"
    once = """import pathlib
marker = pathlib.Path(__file__).with_name("seen")
if not marker.exists():
    marker.touch()
    raise RuntimeError("once")
"""
    check.write_text(once + check.read_text("utf-8"), "utf-8")
    data = run({"gather_weather.py": (SOLUTIONS / "gather_weather.py").read_bytes()})

    assert data["output"] == "03 gather_weather: the checks that are shown pass."


def test_when_time_runs_out(container: tuple[Path, Run]) -> None:
    """Stopped before it could grade anything, the autograder leaves a result that says so."""
    _, run = container
    data = run({"gather_weather.py": (SOLUTIONS / "gather_weather.py").read_bytes()}, ONEDELAY_SECONDS="0.05")

    assert "is not a grade" in data["output"]
    assert "the grader ended with 124" in data["stdout"]


def test_a_python_that_is_too_old(archive: bytes, tmp_path: Path) -> None:
    """An interpreter that does not fit ends the set-up at once, with the reason."""
    root = tmp_path / "autograder"
    _unpack(archive, root / "source")
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\necho 'Python 3.11 or newer is needed' >&2\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [root / "source" / "setup.sh"],
        env={**_environment(root), "ONEDELAY_PYTHON": str(old)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


def _programs(folder: Path, **scripts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, script in scripts.items():
        path = folder / name.replace("_", "-").removesuffix("-")
        path.write_text(f'#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n{script}\n')
        path.chmod(0o755)


@pytest.mark.parametrize(("ubuntu_has", "asked"), [("python3", False), ("python3.12", True)])
def test_where_no_python_fits(archive: bytes, tmp_path: Path, ubuntu_has: str, asked: bool) -> None:
    """A Python that fits is Ubuntu's own where it has one, and deadsnakes' elsewhere; then the grader is installed."""
    root, programs, log = tmp_path / "autograder", tmp_path / "bin", tmp_path / "log"
    _unpack(archive, root / "source")
    good = 'case "$2" in venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";; esac'
    (tmp_path / "good").write_text(f'#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n{good}\n')
    (tmp_path / "good").chmod(0o755)
    install = f'case "$* " in *install*" {ubuntu_has} "*) cp {tmp_path / "good"} {programs / ubuntu_has};; esac'
    old = {"python3.13": "exit 1", "python3.12": "exit 1", "python3.11": "exit 1", "python3": "exit 1"}
    _programs(programs, **old, apt_get=install, add_apt_repository="")
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "ONEDELAY_ROOT": str(root), "LOG": str(log)}
    subprocess.run([root / "source" / "setup.sh"], env=environment, check=True, timeout=60)
    calls = log.read_text()

    assert ("add-apt-repository -y ppa:deadsnakes/ppa" in calls) == asked
    assert f"{ubuntu_has} -m venv {root}/venv" in calls
    assert f"--constraint {root}/source/constraints.txt {root}/source[exercises]" in calls
    assert (root / "results").stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_with_its_own_installation(archive: bytes, tmp_path: Path) -> None:
    """Set up as in Gradescope's image, with an environment of its own, the archive has all that grading needs."""
    root = tmp_path / "autograder"
    _unpack(archive, root / "source")
    environment = {name: text for name, text in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    environment["ONEDELAY_ROOT"] = str(root)
    subprocess.run([root / "source" / "setup.sh"], env=environment, check=True, timeout=600)
    shutil.copy(SOLUTIONS / "gather_weather.py", root / "submission")
    subprocess.run([root / "source" / "run_autograder"], env=environment, check=True, timeout=120)
    data = json.loads((root / "results" / "results.json").read_text("utf-8"))

    assert data["output"] == "03 gather_weather: the checks that are shown pass."


# -- the command -------------------------------------------------------------------------------------------


def _command(*args: str) -> int:
    with contextlib.chdir(ROOT):
        return cli.main(["package", *args])


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the archive and says what it holds, how submissions are isolated, and what to do next."""
    out = tmp_path / "autograder.zip"

    assert _command("gradescope", "--exercise", "03", "--out", str(out)) == 0
    told = capsys.readouterr().out
    assert zipfile.is_zipfile(out)
    assert f"{out}: 03_gather_weather" in told
    assert "Isolation strong: where the container does not allow it, nothing is graded" in told
    assert "Next: Configure Autograder" in told


def test_command_warns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A level that keeps nothing from a submission is named as such."""
    assert _command("gradescope", "--exercise", "03", "--isolation", "weak", "--out", str(tmp_path / "a.zip")) == 0
    assert "can read the checks and change its own result" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--exercise", "99"], "is no exercise; choose from"),
        (["--exercise", "03", "--out", "no/such/folder/a.zip"], "not written: No such file or directory"),
    ],
)
def test_command_complains(args: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is said in one line."""
    assert _command("gradescope", *args) == 2
    told = capsys.readouterr().err
    assert words in told
    assert len(told.splitlines()) == 1
