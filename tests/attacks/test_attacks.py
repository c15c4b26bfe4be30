"""Hostile submissions, all through one batch: each gets its own verdict, and nothing of the others', of ours or of us.

Each file or folder in ``submissions/`` says in its first lines what it tries and what must come of it::

    # kind: …        one of KINDS
    # tries: …
    # exercise: 03_gather_weather
    # outcome: FAIL code code…    the codes that must be among those of its checks; or PASS
    # needs: full    it is never run without the sandbox
    # gap: …         why it is not found out, where it is not; then this is expected to fail

In a file ``@@text * 1000@@`` stands for a thousand times the text. Between them the right solution is graded again and again.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import pickle
import re
import secrets
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pytest

from grader.batch.executors import local
from grader.batch.job import Job, Reply, Settings
from grader.batch.worker import grade_jobs, measured_here
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.reports.telling import unlisted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandbox, /proc and abstract sockets are Linux's")

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "submissions"
KINDS = {
    "exits and signals",
    "patching",
    "files beside",
    "objects that lie",
    "reading secrets",
    "caching and guessing",
    "fake clocks",
    "never ends",
    "bombs and daemons",
    "attacks on processes",
    "wire messages",
    "markup in output",
    "leaking",
}
AT_LEAST = 60  # attacks; as many kinds as there are above
EVERY = 8  # attacks between two right solutions
LIMIT = 2.0  # seconds a check may take
REPEATED = re.compile(rb"@@(.+?) \* (\d+)@@")
LARGEST = 1_000_000  # characters of what is said of one submission
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Attack:
    """A hostile submission."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def main(self) -> Path:
        if self.path.is_file():
            return self.path
        return next(file for file in sorted(self.path.glob("*.py")) if b"# exercise:" in file.read_bytes())

    @cached_property
    def says(self) -> dict[str, str]:
        return dict(
            re.findall(
                r"^# (kind|tries|exercise|outcome|needs|gap): (.*)$",
                self.main.read_text("utf-8", "replace"),
                re.MULTILINE,
            )
        )

    @property
    def exercise(self) -> str:
        return self.says["exercise"]

    def job(self, more: dict[str, bytes]) -> Job:
        main = f"{self.exercise[3:]}.py"
        if self.path.is_file():
            files = {main: REPEATED.sub(lambda found: found[1] * int(found[2]), self.path.read_bytes())}
        else:
            found = (file for file in self.path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
            files = {file.relative_to(self.path).as_posix(): file.read_bytes() for file in found}
        return Job(self.name, self.exercise, main, {**more, **files})


ATTACKS = [Attack(path) for path in sorted(FOLDER.iterdir()) if path.name != "__pycache__"]


@dataclass
class Listener:
    """Hears whatever is sent to it, on loopback and on an abstract socket."""

    heard: list[bytes] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)
    port: int = 0
    name: str = field(default_factory=lambda: f"onedelay-attack-{secrets.token_hex(8)}")

    def __enter__(self) -> Self:
        stream = socket.create_server(("127.0.0.1", 0))
        self.port = stream.getsockname()[1]
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", self.port))
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0{self.name}")
        abstract.listen()
        self.sockets = [stream, datagrams, abstract]
        threading.Thread(target=self._receive, args=[datagrams], daemon=True).start()
        for listening in (stream, abstract):
            threading.Thread(target=self._accept, args=[listening], daemon=True).start()
        return self

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            self.heard.append(b"a connection")
            connection.close()

    def _receive(self, datagrams: socket.socket) -> None:
        while True:
            try:
                heard = datagrams.recv(1 << 16)
            except OSError:
                return
            if not heard:
                return
            self.heard.append(heard)

    def __exit__(self, *error: object) -> None:
        for listening in self.sockets:
            # A thread that waits in accept() is woken by shutdown, not by close.
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()


@dataclass
class Outcome:
    """What came of the batch."""

    replies: dict[str, Reply]
    canaries: list[Reply]
    level: str
    secrets: dict[str, str]
    heard: list[bytes]
    processes: list[str]
    files: list[str]
    changed: list[str]


def measured() -> Level:
    """Return FULL, or NONE where this machine cannot give it."""
    try:
        return Level.FULL if measured_here(Level.FULL, ROOT).level is Level.FULL else Level.NONE
    except CannotIsolateError:
        return Level.NONE


def children() -> list[str]:
    """Return the processes that are children of this one, adopted ones included."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text("ascii").split():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state == "Z":
                os.waitpid(int(pid), os.WNOHANG)
            else:
                found.append(f"{pid} {command}")
    return sorted(found)


@contextlib.contextmanager
def orphaned() -> Iterator[list[str]]:
    """Become the parent of whatever our descendants leave behind; at the end the list says what that is."""
    libc, before = ctypes.CDLL(None), children()
    left: list[str] = []
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield left
        time.sleep(0.2)
        left += [name for name in children() if name not in before]
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@contextlib.contextmanager
def untouched(folders: list[Path], secret: str) -> Iterator[list[str]]:
    """Put a file that everybody may write into each of *folders*; at the end the list says which was changed."""
    changed: list[str] = []
    states = {}
    for folder in folders:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
        (folder / "canary.txt").write_text(secret, "utf-8")
        (folder / "canary.txt").chmod(0o666)
        states[folder] = seen(folder)
    try:
        yield changed
        changed += [str(folder) for folder, state in states.items() if seen(folder) != state]
    finally:
        for folder in folders:
            shutil.rmtree(folder)


def seen(folder: Path) -> list[tuple[str, bytes, float]]:
    return [(path.name, path.read_bytes(), path.stat().st_mtime) for path in sorted(folder.iterdir())]


def plant(root: Path, words: dict[str, str]) -> None:
    """Make a course in *root*, with secrets in it."""
    for name in {attack.exercise for attack in ATTACKS}:
        for part in ("exercises", "solutions"):
            skip = shutil.ignore_patterns("__pycache__", "accepted", "rejected")
            shutil.copytree(ROOT / part / name, root / part / name, ignore=skip)
            (root / part / name / "secret.txt").write_text(words["file"], "utf-8")
        hidden = root / "solutions" / name / "test_hidden.py"
        before = hidden.read_text("utf-8") if hidden.exists() else ""
        hidden.write_text(f"{before}\n\nSECRET = {words['hidden']!r}\n", "utf-8")
        test = root / "exercises" / name / f"test_{name[3:]}.py"
        test.write_text(f"{test.read_text('utf-8')}\n\nSECRET = {words['memory']!r}\n", "utf-8")


def jobs_of(root: Path, attacks: list[Attack], words: dict[str, str], listener: Listener) -> list[Job]:
    """Return the attacks with right solutions before, between and after them, by exercise."""
    jobs = []
    more = {"listener.txt": f"{listener.port} {listener.name}".encode()}
    for exercise in sorted({attack.exercise for attack in attacks}):
        main = f"{exercise[3:]}.py"
        right = (root / "solutions" / exercise / main).read_bytes() + b"\nfrom helping import HERE\n"
        files = {main: right, "helping.py": f"HERE = {words['student']!r}\n".encode()}
        for number, attack in enumerate(a for a in attacks if a.exercise == exercise):
            if number % EVERY == 0:
                jobs.append(Job(f"right-{number}", exercise, main, files))
            jobs.append(attack.job(more))
        jobs.append(Job("right-last", exercise, main, files))
    return jobs


def drawn() -> dict[str, str]:
    """Return a word for each place from which nothing may get out."""
    places = ("environment", "file", "hidden", "memory", "student", "outside")
    return {place: f"secret-{place}-{secrets.token_hex(8)}" for place in places}


def grade_all(level: Level, root: Path, temporary: Path) -> Outcome:
    """Grade all attacks in one batch, by a course in *root*, with *temporary* as the folder for temporary files."""
    attacks = [attack for attack in ATTACKS if level is Level.FULL or attack.says.get("needs") != "full"]
    words = drawn()
    plant(root, words)
    with (
        pytest.MonkeyPatch.context() as patch,
        Listener() as listener,
        untouched([Path(tempfile.mkdtemp(prefix="onedelay-canary-")), root / "canary"], words["outside"]) as changed,
    ):
        patch.setenv("ONEDELAY_SECRET", words["environment"])
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", str(temporary))
        settings = Settings(root, isolation=level.word, limit=LIMIT, seed=secrets.randbits(32))
        with orphaned() as processes, local() as place:
            jobs = jobs_of(root, attacks, words, listener)
            replies = list(place.executor.map(lambda job: grade_jobs(settings, [job])[0], jobs))
        files = sorted(str(path) for path in temporary.rglob("*"))
    return Outcome(
        {reply.student: reply for reply in replies if not reply.student.startswith("right-")},
        [reply for reply in replies if reply.student.startswith("right-")],
        level.word,
        words,
        listener.heard,
        processes,
        files,
        changed,
    )


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Grade all attacks once, also where several processes run these tests: the others wait for the first."""
    import fcntl

    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    kept = shared / "attacks.pickle"
    with (shared / "attacks.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            root, temporary = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("tmp")
            kept.write_bytes(pickle.dumps(vars(grade_all(measured(), root, temporary))))
    return Outcome(**pickle.loads(kept.read_bytes()))


def codes(reply: Reply) -> set[str]:
    verdict = reply.verdict
    assert verdict is not None
    return {check.diagnosis.code for check in verdict.checks if check.diagnosis is not None}


def test_the_corpus_covers_every_kind() -> None:
    """Each attack says what it is and what must come of it; there are enough, of all kinds."""
    assert len(ATTACKS) >= AT_LEAST
    assert {attack.says["kind"] for attack in ATTACKS} == KINDS
    for attack in ATTACKS:
        assert attack.says.keys() >= {"kind", "tries", "exercise", "outcome"}, attack.name
        assert attack.says["outcome"].split()[0] in {"PASS", "FAIL"}, attack.name


def parameters() -> list[Any]:
    """Return the attacks; those that are known to succeed are expected to."""
    known = {
        attack: [pytest.mark.xfail(reason=attack.says["gap"], raises=AssertionError)]
        for attack in ATTACKS
        if "gap" in attack.says
    }
    return [pytest.param(attack, id=attack.name, marks=known.get(attack, [])) for attack in ATTACKS]


@pytest.mark.slow
@pytest.mark.parametrize("attack", parameters())
def test_an_attack_has_its_outcome(outcome: Outcome, attack: Attack) -> None:
    """Its own verdict, from all of the exercise's checks; never a fault of ours, never a point for a lie."""
    if attack.name not in outcome.replies:
        pytest.skip("it is only run with isolation FULL, which this machine does not give")
    reply = outcome.replies[attack.name]
    assert reply.fault == ""
    verdict = reply.verdict
    assert verdict is not None
    wanted, *wanted_codes = attack.says["outcome"].split()
    assert verdict.outcome == wanted, [(check.outcome, check.fault, check.diagnosis) for check in verdict.checks]
    assert codes(reply) >= set(wanted_codes)
    assert unlisted(verdict) == 0
    assert len(json.dumps(reply.verdicts)) < LARGEST
    assert verdict.earned == verdict.points if wanted == "PASS" else verdict.earned < verdict.points


@pytest.mark.slow
def test_right_solutions_pass_before_between_and_after(outcome: Outcome) -> None:
    """No attack changes what a right solution gets."""
    assert len(outcome.canaries) >= len(ATTACKS) // EVERY
    for reply in outcome.canaries:
        verdict = reply.verdict
        assert reply.fault == ""
        assert verdict is not None
        assert verdict.outcome == "PASS", (
            reply.key,
            [(check.check, check.diagnosis, check.fault) for check in verdict.checks],
        )


@pytest.mark.slow
def test_nothing_is_left(outcome: Outcome) -> None:
    """No process, and no file where the batch keeps its own."""
    assert outcome.processes == []
    assert outcome.files == []


@pytest.mark.slow
def test_files_outside_are_as_they_were(outcome: Outcome) -> None:
    """Neither read (the next test) nor written, though everybody may write them."""
    assert outcome.changed == []


@pytest.mark.slow
def test_no_secret_gets_out(outcome: Outcome) -> None:
    """Not into a verdict, with all that it prints and quotes, and not to anybody who listens."""
    if outcome.level != Level.FULL.word:
        pytest.skip("only isolation FULL keeps everything from being read")
    for reply in outcome.replies.values():
        told = json.dumps(reply.verdicts)
        for name, secret in outcome.secrets.items():
            assert secret not in told, (reply.student, name)
    assert outcome.heard == []
