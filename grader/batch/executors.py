"""Where jobs run: threads here, each with its judge's process, or the workers of a Dask cluster. It knows no job."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from grader.batch.worker import close_servers

# A judge and its candidate take turns, so each pair uses about one core. Whatever hangs gives its place to another.
_SPARE: Final = 4
_PATIENCE: Final = 3.0  # seconds: a judge that has to be started first takes one or two
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


class _Threads(ThreadPoolExecutor):
    """Runs *width* calls at once, and up to *spare* more in place of those that take longer than a few seconds."""

    def __init__(self, width: int, spare: int) -> None:
        super().__init__(width + spare, thread_name_prefix="grade")
        self._places = threading.Semaphore(width)
        self.stopping = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the call as soon as there is a place for it."""
        return super().submit(self._in_place, function, *args, **kwargs)

    def _in_place(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self._places.acquire()
        if self.stopping:
            self._places.release()
            raise CancelledError
        place = [None]  # whoever takes this gives the place back, once
        timer = threading.Timer(_PATIENCE, self._give_back, [place])
        timer.daemon = True
        timer.start()
        try:
            return function(*args, **kwargs)
        finally:
            timer.cancel()
            self._give_back(place)

    def _give_back(self, place: list[None]) -> None:
        with contextlib.suppress(IndexError):
            place.pop()
            self._places.release()


def places(*, timed: bool) -> int:
    """Return how many jobs this machine should run at once. timed: some of each job's time is the real clock's."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores * _TIMED_PER_CORE if timed else cores


@contextlib.contextmanager
def local(jobs: int | None = None, *, timed: bool = False) -> Iterator[Place]:
    """Run *jobs* at once on this machine; no port is opened. timed: some of each job's time is the real clock's."""
    width = jobs or places(timed=timed)
    executor = _Threads(width, 0 if timed else _SPARE)
    try:
        yield Place(executor, width + _SPARE, 1)
    finally:
        executor.stopping = True
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
