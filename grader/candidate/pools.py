"""Process pools on the virtual clock: threads that pickle their jobs, as a pool does. It knows no exercise.

A real worker process has no place on the clock. The stand-in keeps what a learner's program shows of a pool in virtual
time: jobs and results must be picklable, and a job holds no event loop. It does not keep memory apart; what depends on
that is judged on the real clock.
"""

from __future__ import annotations

import io
import pickle
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import ModuleType, SimpleNamespace
from typing import Any, Final

WORKERS: Final = 4  # where the program does not say; the same on every machine


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> Any:
        # The judge's functions, which a real worker would have to import.
        return value if getattr(value, "of_the_judge", False) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, known: list[Any]) -> None:
        super().__init__(file)
        self._known = known

    def persistent_load(self, number: Any) -> Any:
        return self._known[number]


def through_pickle(value: Any) -> Any:
    """Return *value* as it arrives in another process; an exception of pickle's when it cannot."""
    known: list[Any] = []

    class Pickler(_Pickler):
        def persistent_id(self, value: Any) -> Any:
            if super().persistent_id(value) is None:
                return None
            known.append(value)
            return len(known) - 1

    buffer = io.BytesIO()
    Pickler(buffer).dump(value)
    buffer.seek(0)
    return _Unpickler(buffer, known).load()


def _work(job: Any) -> Any:
    function, args, kwargs = job
    return through_pickle(function(*args, **kwargs))


class VirtualProcessPool(ThreadPoolExecutor):
    """What stands for `concurrent.futures.ProcessPoolExecutor`."""

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: object = None,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        *,
        max_tasks_per_child: int | None = None,
    ) -> None:
        super().__init__(max_workers or WORKERS, "process", initializer, initargs)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a job; one that cannot be pickled fails in its future, as in a real pool."""
        try:
            job = through_pickle((fn, args, kwargs))
        except Exception as error:  # noqa: BLE001 - whatever pickle and the learner's classes raise
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed
        return super().submit(_work, job)


def replace_executor(module: ModuleType) -> Callable[[], None]:
    """Let ``concurrent.futures.process`` offer the stand-in; return the undoing."""
    owner: Any = module
    original = owner.ProcessPoolExecutor
    owner.ProcessPoolExecutor = VirtualProcessPool

    def undo() -> None:
        owner.ProcessPoolExecutor = original

    return undo


def replace_pool(module: ModuleType) -> Callable[[], None]:
    """Let ``multiprocessing.pool`` offer a pool of threads for that of processes; return the undoing."""
    owner: Any = module
    original = owner.Pool

    class VirtualPool(owner.ThreadPool):  # type: ignore[misc]
        def __init__(
            self, processes: int | None = None, initializer: Any = None, initargs: Any = (), *_: object, **__: object
        ) -> None:
            # Its threads tell one another through a queue, since waiting at a pipe would stop the clock.
            context = SimpleNamespace(SimpleQueue=queue.SimpleQueue)
            original.__init__(self, processes or WORKERS, initializer, initargs, context=context)

        @staticmethod
        def _wait_for_updates(sentinels: object, change_notifier: Any, timeout: object = None) -> None:
            change_notifier.get()
            while not change_notifier.empty():
                change_notifier.get()

    # A pool of threads is built by the same lines, so both wait at no pipe.
    sentinels = owner.ThreadPool._get_sentinels
    owner.Pool, owner.ThreadPool._get_sentinels = VirtualPool, lambda _: []

    def undo() -> None:
        owner.Pool, owner.ThreadPool._get_sentinels = original, sentinels

    return undo
