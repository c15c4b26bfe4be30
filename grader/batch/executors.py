"""Where jobs run: threads here, each with its judge's process, or the workers of a Dask cluster. It knows no job."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from grader.batch.worker import close_servers

# A judge and its candidate take turns, so each pair uses about one core; one more fills the gaps between their turns.
_MORE_THAN_CORES: Final = 1
_TIMED_PER_CORE: Final = 3  # on the real clock most of a run is waiting, and its bound is generous
_JOBS_PER_TASK: Final = 16


class ClusterError(Exception):
    """A cluster cannot be reached, or its library is missing; the message is one line."""


@dataclass(frozen=True)
class Place:
    """Where to run: *width* jobs at once, handed over *size* at a time."""

    executor: Executor
    width: int
    size: int


@contextlib.contextmanager
def local(jobs: int | None = None, *, timed: bool = False) -> Iterator[Place]:
    """Run *jobs* at once on this machine; no port is opened. timed: some of each job's time is the real clock's."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    width = jobs or (cores * _TIMED_PER_CORE if timed else cores + _MORE_THAN_CORES)
    executor = ThreadPoolExecutor(width, thread_name_prefix="grade")
    try:
        yield Place(executor, width, 1)
    finally:
        close_servers()  # a thread that waits for a judge's answer learns that there will be none
        executor.shutdown(cancel_futures=True)
        close_servers()


@contextlib.contextmanager
def dask(workers: int | None = None, scheduler: str | None = None) -> Iterator[Place]:
    """Run on a Dask cluster: the one at *scheduler* (``tls://…``), or one of our own on this machine, over TLS.

    `ClusterError` when there is none.
    """
    try:
        cluster_library: Any = importlib.import_module("distributed")  # an extra, heavy, and without types
        security = cluster_library.Security.temporary() if scheduler is None else None
    except ImportError:
        raise ClusterError("Dask is not installed: pip install 'onedelay[dask]'") from None
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            # Without TLS whoever reaches a worker's port can have it run anything.
            cluster = cluster_library.LocalCluster(
                n_workers=workers or os.cpu_count() or 1,
                threads_per_worker=1,
                processes=True,
                security=security,
                protocol="tls://",
                host="127.0.0.1",
                dashboard_address=None,
            )
            client = stack.enter_context(cluster_library.Client(stack.enter_context(cluster)))
        else:
            client = stack.enter_context(_connect(cluster_library.Client, scheduler))
        width = len(client.scheduler_info(n_workers=-1)["workers"]) or 1
        yield Place(client.get_executor(pure=False), width, _JOBS_PER_TASK)


def _connect(client: Any, scheduler: str) -> Any:
    if not scheduler.startswith("tls://"):
        raise ClusterError(f"--scheduler {scheduler}: only tls:// is safe, since workers run what they are sent")
    try:
        return client(scheduler, timeout=20)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(f"no Dask scheduler answers at {scheduler}: {error}") from None
