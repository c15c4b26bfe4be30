"""Runs beside the learner's module: makes the pool, and tells where each page was processed and what was left."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import json
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import SimpleNamespace

WORKERS = 2
_here = threading.local()  # says so in a worker of our pool
_run = SimpleNamespace()


class Pool(ProcessPoolExecutor):
    """A pool that notes the learner's lines from which it gets jobs, and from which it is shut down."""

    def __init__(self, file, log=None):
        self._file, self.submitted, self.shut_down = file, [], []
        super().__init__(WORKERS, initializer=_enter, initargs=(log,))

    def submit(self, fn, /, *args, **kwargs):
        self.submitted.append(_line(self._file))
        return super().submit(fn, *args, **kwargs)

    def shutdown(self, *args, **options):
        self.shut_down.append(_line(self._file))
        super().shutdown(*args, **options)


def _line(file):
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return None if frame is None else frame.f_lineno


def _enter(log):
    _here.log = log


def _where():
    """Return where the caller runs: `pool`, `loop`, `thread` or `another pool`."""
    thread = threading.current_thread()
    if hasattr(_here, "log"):
        return "pool"
    if asyncio._get_running_loop() is not None:
        return "loop"
    # On the virtual clock workers are threads, with names of their own.
    return "another pool" if thread.name.startswith("process") or type(thread).__name__ == "DummyProcess" else "thread"


# -- on the virtual clock ----------------------------------------------------------------------------------


def process(body):
    _run.places.append(_where())
    return _run.work(body)


async def fetch_and_process(module, urls, fetch, work=None):
    """Call the learner's function with a pool of its own, or without *work* for real; `seen` tells the rest."""
    if work is None:
        return await _for_real(module, urls, fetch)
    before = asyncio.all_tasks()
    pool = Pool(module.__file__)
    _run.__dict__.update(places=[], submitted=[], shut_down=[], work=work, tasks=0, usable=True)
    try:
        return await module.fetch_and_process(urls, fetch, process, pool=pool)
    finally:
        for _ in range(5):  # tasks that were cancelled end within a few turns
            await asyncio.sleep(0)
        _run.tasks = len(asyncio.all_tasks() - before)
        _close(pool)


def _close(pool):
    _run.submitted = [line for line in pool.submitted if line is not None]
    _run.shut_down, pool.shut_down = pool.shut_down, []
    try:
        pool.submit(abs, 1)
    except RuntimeError:
        _run.usable = False
    # A job that runs cannot be stopped, and need not be waited for.
    pool.shutdown(wait=False, cancel_futures=True)


async def seen(_module):
    names = ("places", "submitted", "shut_down", "usable", "tasks")
    return {name: getattr(_run, name) for name in names}


# -- on the real clock -------------------------------------------------------------------------------------


def crunch(body):
    """Compute for a tenth of a second: hold the interpreter, as a computation does, without using a core."""
    note = {"body": body.hex(), "pid": os.getpid(), "where": _where()}
    log = getattr(_here, "log", None) or getattr(_run, "log", None)
    if log is not None:
        with Path(log).open("a", encoding="ascii") as file:
            file.write(json.dumps(note) + "\n")
    if os.name == "nt":
        ctypes.PyDLL("kernel32").Sleep(100)
    else:
        ctypes.PyDLL(None).usleep(100_000)
    return hashlib.sha256(body).hexdigest()


async def open_pool(module, log):
    """Start the workers, and return this process's id."""
    _run.__dict__.update(log=log, pool=Pool(module.__file__, log))
    await asyncio.gather(*(asyncio.wrap_future(_run.pool.submit(time.sleep, 0.05)) for _ in range(WORKERS)))
    return os.getpid()


async def _for_real(module, urls, fetch):
    try:
        return await module.fetch_and_process(urls, fetch, crunch, pool=_run.pool)
    finally:
        await asyncio.to_thread(_run.pool.shutdown, cancel_futures=True)
