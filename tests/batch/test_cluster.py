"""A cluster gives what one machine gives, also when it loses a worker in the middle."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import ssl
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from grader.batch import executors
from grader.batch.driver import Driver
from grader.batch.executors import ClusterError, Place
from grader.batch.job import Job, Reply, Settings
from grader.batch.store import Store

distributed: Any = pytest.importorskip("distributed")
ROOT = Path(__file__).parents[2]
EXERCISE = "01_classify_workloads"
SOLUTIONS = ROOT / "solutions" / EXERCISE
FILES = [SOLUTIONS / "classify_workloads.py", *sorted((SOLUTIONS / "rejected").glob("*.py"))[:5]]
COUNT = 48

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Submission:
    student_key: str
    file: Path
    exercise: str = EXERCISE

    @property
    def key(self) -> tuple[str, str]:
        return self.student_key, self.exercise

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def job(self) -> Job:
        return Job(
            self.student_key, EXERCISE, "classify_workloads.py", {"classify_workloads.py": self.file.read_bytes()}
        )


CLASS = [Submission(f"student{number:02}", file) for number, file in zip(range(COUNT), cycle(FILES))]


def grade(path: Path, place: Place, on_result: Any = lambda reply: None) -> dict[str, tuple[str, float, str]]:
    """Return what was stored of each student: outcome, points and diagnosis."""
    store = Store(path)
    Driver(Settings(ROOT, isolation="none", seed=7), store, on_result).run(CLASS, place)
    found = {}
    for item in store:
        assert item.settled
        verdict = item.reply.verdict
        assert verdict is not None, item.reply.fault
        diagnosis = verdict.cause.diagnosis if verdict.cause else None
        found[item.reply.student] = (verdict.outcome, verdict.earned, diagnosis.code if diagnosis else "")
    return found


def test_a_cluster_that_loses_a_worker_gives_the_local_results(tmp_path: Path) -> None:
    """Two workers, one of them killed in the middle: each submission has one verdict, the same as here."""
    with executors.local(2) as place:
        local = grade(tmp_path / "local.sqlite", place)
    told: list[str] = []
    killed: list[int] = []

    def on_result(reply: Reply) -> None:
        told.append(reply.student)
        if len(told) == COUNT // 4:
            workers = distributed.default_client().run(os.getpid)
            killed.append(next(iter(workers.values())))
            os.kill(killed[0], signal.SIGKILL)

    with executors.dask(workers=2) as place:
        remote = grade(tmp_path / "remote.sqlite", place, on_result)
    assert killed
    assert remote == local
    assert sorted(told) == [item.student_key for item in CLASS]


def test_a_stranger_cannot_have_a_worker_run_anything() -> None:
    """The port speaks TLS only, and asks who calls."""
    with executors.dask(workers=1):
        address = distributed.default_client().scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        host, port = address.removeprefix("tls://").split(":")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            pytest.raises((ssl.SSLError, ConnectionError)),
            socket.create_connection((host, int(port)), timeout=10) as plain,
            context.wrap_socket(plain) as stranger,
        ):
            if not stranger.recv(1):
                raise ConnectionError("it hung up")


def test_a_cluster_without_tls_is_refused() -> None:
    """The message says what is safe."""
    with pytest.raises(ClusterError, match=r"only tls:// is safe"), executors.dask(scheduler="tcp://127.0.0.1:1"):
        pass


def test_an_existing_cluster_is_used_with_the_credentials_of_dasks_configuration(tmp_path: Path) -> None:
    """As the clusters of SLURM and Kubernetes are."""
    from dask import config

    security = distributed.Security.temporary()
    mine = {
        "ca-file": security.tls_ca_file,
        "client.cert": security.tls_client_cert,
        "client.key": security.tls_client_key,
    }
    with (
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            security=security,
            protocol="tls://",
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        config.set({f"distributed.comm.tls.{name}": value for name, value in mine.items()}),
        executors.dask(scheduler=cluster.scheduler_address) as place,
    ):
        assert len(grade(tmp_path / "results.sqlite", place)) == COUNT
