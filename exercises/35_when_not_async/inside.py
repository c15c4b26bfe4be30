"""Runs beside the learner's module: makes its slow functions slow, and sees in which thread each one is called."""

import contextlib
import functools
import inspect
import sys
import threading
import types
from pathlib import Path

HELPERS = ("calculate_pi", "process_one_item", "query_old_database")
STUB = "def stub(*args, **kwargs):\n    return _watched[{name!r}](*args, **kwargs)\n"


class Watch:
    """Watches the helpers of one call of report. pauses: name of a helper -> what it waits for first."""

    def __init__(self, module, pauses):
        self.module, self.pauses = module, pauses
        self.loop_thread = threading.get_ident()
        self.calls, self.item_threads, self.jobs = dict.fromkeys(HELPERS, 0), set(), {}
        self.slow_in_loop = []  # the slow ones that were called in the loop's thread

    def called(self, name, real, args, kwargs):
        self.calls[name] += 1
        if name in self.pauses:
            if threading.get_ident() == self.loop_thread:
                self.slow_in_loop.append(name)
            self.pauses[name]()
        if name == "process_one_item" and threading.get_ident() != self.loop_thread:
            self.item_threads.add(threading.get_ident())
            job = self.job()
            self.jobs[id(job)] = job  # kept, so that no other frame gets its id
        return real(*args, **kwargs)

    def job(self):
        """Return the frame that this thread's present job began with: the learner's outermost, or our caller's."""
        frame = sys._getframe(2)
        while frame.f_code.co_name != "stub":
            frame = frame.f_back
        frame = job = frame.f_back
        found = None
        while frame is not None:
            if frame.f_code.co_filename == self.module.__file__:
                found = frame
            frame = frame.f_back
        return found or job

    @contextlib.contextmanager
    def watching(self):
        with contextlib.ExitStack() as stack:
            for name in HELPERS:
                stack.enter_context(self.replaced(name))
            yield

    @contextlib.contextmanager
    def replaced(self, name):
        """Let a helper tell us of its calls, by whatever name and from wherever it is called."""
        function = inspect.unwrap(getattr(self.module, name))
        code = compile(STUB.format(name=name), "<stub>", "exec").co_consts[0]
        if not isinstance(function, types.FunctionType) or function.__globals__ is not vars(self.module):
            # Something else that can be called; here its name has to do.
            original, stub = getattr(self.module, name), types.FunctionType(code, vars(self.module))
            stub = functools.update_wrapper(stub, original, updated=())
            self.put(name, original)
            setattr(self.module, name, stub)
            try:
                yield
            finally:
                setattr(self.module, name, original)
            return
        old = function.__code__
        real = types.FunctionType(old, function.__globals__, name, function.__defaults__, function.__closure__)
        real.__kwdefaults__ = function.__kwdefaults__
        self.put(name, real)
        function.__code__ = code.replace(co_freevars=old.co_freevars)
        try:
            yield
        finally:
            function.__code__ = old

    def put(self, name, real):
        table = vars(self.module).setdefault("_watched", {})
        table[name] = lambda *args, **kwargs: self.called(name, real, args, kwargs)

    def seen(self):
        job = next(iter(self.jobs.values()), None)
        theirs = job is not None and job.f_code.co_filename == self.module.__file__
        return {
            "calls": self.calls,
            "threads": len(self.item_threads),
            "jobs": len(self.jobs),
            "job": job.f_code.co_name if theirs else "process_one_item",
            "line": job.f_lineno if theirs else None,
        }


async def report(module, path, items, pauses):
    """Return what report returned, and what was seen of the helpers."""
    watch = Watch(module, pauses)
    with watch.watching():
        returned = module.report(Path(path), items)
        if not inspect.isawaitable(returned):
            return {"not awaitable": returned}
        try:
            returned = await returned
        except TypeError as error:
            if "object is not callable" not in str(error) or not watch.slow_in_loop:
                raise
            return {"called too early": watch.slow_in_loop[-1]}
    return {"report": returned, **watch.seen()}


def query_old_database(module, path, sql):
    """Return what the helper returned; what is no list, such as a coroutine, travels as it is."""
    return module.query_old_database(Path(path), sql)


async def helpers(module, path, sql, item):
    """Call the helpers where a loop is running, and return what each one returned."""
    return [module.calculate_pi(7), module.process_one_item(item), module.query_old_database(Path(path), sql)]
