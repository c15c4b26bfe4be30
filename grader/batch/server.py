"""A judge in a process of its own, which grades one submission after another. It knows pytest's command, no check."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from grader.batch.job import Job, Reply, Settings
from grader.exercise import Exercise

FOLDER: Final = "onedelay-judge-"  # how the name of the folder begins that is made for one judge
START_UP: Final = 120.0  # seconds until it has collected its checks, on the busiest machine
_SLACK: Final = 60.0  # beyond what its own limits allow a submission
_STDERR_KEPT: Final = 2_000
_AT_ONCE: Final = 2.0  # seconds in which it ends what it has started
# Only what grading needs: plugins that happen to be installed cost every start, and some every check.
_PLUGINS: Final = ("pytest_asyncio.plugin", "grader.plugin", "grader.serving")
_WITHOUT: Final = (
    "cacheprovider",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "stepwise",
    "subtests",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)

_CONFIGURATION: Final = """[pytest]
asyncio_default_fixture_loop_scope = function
tmp_path_retention_policy = none
"""


class ServerFault(Exception):  # noqa: N818 - the message says that it is ours
    """A judge could not start, died, or did not answer; the message is one line."""


class NoChecks(ServerFault):
    """A judge is well, and has nothing to check: the exercise is left out here, or broken."""


class Server:
    """A warm judge for one exercise. `ServerFault` when it is of no use; then close it."""

    def __init__(self, exercise: Exercise, settings: Settings) -> None:
        self.exercise = exercise
        self.settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))
        self._stderr = (self._folder / "stderr").open("w+b")
        self._count = 0
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        environment["PYTHONHASHSEED"] = str(settings.seed % 2**32)  # a set's order is the judge's and the learner's too
        environment.pop("PYTEST_ADDOPTS", None)
        if settings.isolation == "none":
            environment["TMPDIR"] = str(self._folder)  # whatever is left there goes with it
        config = self._folder / "pytest.ini"
        config.write_text(_CONFIGURATION, "ascii")
        self._process = subprocess.Popen(
            _command(exercise, settings, config),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            cwd=settings.root,
            env=environment,
            bufsize=0,
            start_new_session=os.name == "posix",  # Ctrl-C is the driver's, which ends it in order
        )
        self._unread = b""
        self._hello: dict[str, Any] = {}

    def start(self) -> None:
        """Wait until it is ready; `ServerFault`, or `NoChecks` when it is of use to nobody."""
        if not self._hello:
            self._hello = self._receive(START_UP)
        if self._hello["problem"]:
            raise NoChecks(f"{self.exercise.name}: {self._hello['problem']}")

    def points(self) -> tuple[float, float]:
        """Return what its checks are worth, those that learners see and the hidden ones; `ServerFault`."""
        self.start()
        worth, hidden = self._hello["points"], set(self._hello["hidden"])
        return sum(worth.values()) - (secret := sum(worth[node] for node in hidden)), secret

    def left_out(self) -> tuple[int, float]:
        """Return how many checks the choice of the clock leaves out, and what they are worth; `ServerFault`."""
        self.start()
        return len(self._hello["left_out"]), sum(self._hello["left_out"])

    def grade(self, job: Job, *, drawn: bool = False) -> Reply:
        """Return the verdicts on *job*, with pictures of what passes too if they are to be *drawn*; `ServerFault`."""
        self.start()
        begun = time.monotonic()
        self._count += 1
        place = self._folder / str(self._count)
        try:
            main = write_files(place, job)
            seed = f"{self.settings.seed} {job.student} {job.exercise}"
            self._send({"submission": str(main), "seed": seed, "drawn": drawn})
            answer = self._receive(self.settings.limit * self._hello["checks"] + _SLACK)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        # Where the copy lay says nothing, and differs from run to run.
        verdicts = tuple({**verdict, "submission": job.main} for verdict in answer["verdicts"])
        return Reply(job.student, job.exercise, verdicts, seconds=time.monotonic() - begun)

    def stop(self) -> None:
        """End it at once, in the middle of a submission too; whoever waits for its answer gets a `ServerFault`.

        May be called while another thread is in it, which is to call `close` then.
        """
        self._process.terminate()
        try:
            self._process.wait(_AT_ONCE)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def close(self) -> None:
        """End it: at the end of its orders, or at once when it does not."""
        with contextlib.suppress(OSError):
            _stream(self._process.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5 if self._hello else 0)
        self._process.kill()
        self._process.wait()
        _stream(self._process.stdout).close()
        self._stderr.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self, order: dict[str, Any]) -> None:
        try:
            _stream(self._process.stdin).write(json.dumps(order).encode() + b"\n")
        except OSError:
            raise ServerFault(self._epitaph()) from None

    def _receive(self, patience: float) -> dict[str, Any]:
        output, deadline = _stream(self._process.stdout), time.monotonic() + patience
        while b"\n" not in self._unread:
            if not select.select([output], [], [], max(0.0, deadline - time.monotonic()))[0]:
                self._process.kill()
                raise ServerFault(f"the judge of {self.exercise.name} did not answer in {patience:.0f} s")
            data = output.read(1 << 20)
            if not data:
                raise ServerFault(self._epitaph())
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _epitaph(self) -> str:
        code = self._process.wait()
        self._stderr.seek(0)
        rows = self._stderr.read()[-_STDERR_KEPT:].decode("utf-8", "replace").split("\n")
        last = next((row.strip() for row in reversed(rows) if row.strip()), "it said nothing")
        return f"the judge of {self.exercise.name} ended with {code}: {last}"


def write_files(place: Path, job: Job) -> Path:
    """Write a job's files below *place*, readable for everyone; return the one to grade."""
    for name, content in job.files.items():
        path = place / name
        if not path.resolve().is_relative_to(place.resolve()):
            raise ServerFault(f"a file called {name!r} would lie outside its submission")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place / job.main


def _command(exercise: Exercise, settings: Settings, config: Path) -> Sequence[str]:
    files = [str(exercise.test), *([] if exercise.hidden is None else [str(exercise.hidden)])]
    plugins = [part for name in _PLUGINS for part in ("-p", name)]
    without = [part for name in _WITHOUT for part in ("-p", f"no:{name}")]
    options = ["-s", "-c", str(config), "--rootdir", str(settings.root), "--import-mode=importlib"]
    options += ["--basetemp", str(config.with_name("tmp"))]  # goes with the judge's other files
    options += ["--clock", settings.clock, "--limit", f"{settings.limit:g}"]
    if settings.isolation != "none":
        options += ["--isolation", settings.isolation]
    # -P: a file called random.py beside the exercises is not to stand for Python's own.
    return [sys.executable, "-P", "-m", "pytest", *files, *options, *plugins, *without]


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
