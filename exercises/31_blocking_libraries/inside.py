"""A blocking library as the learner's code meets it: it notes in which thread and for which request it is called."""

import asyncio
import sys
import threading


class Library:
    """calls: for each one, the request that it saw, the thread's name, where the caller's thread was meanwhile."""

    def __init__(self, module, fetch):
        self.module, self.fetch = module, fetch
        self.caller = threading.get_ident()
        self.calls = []

    def blocking_fetch(self, item):
        self.calls.append([self.module.REQUEST_ID.get("nothing"), threading.current_thread().name, self.line()])
        return self.fetch(item)

    def line(self):
        """Return the innermost line of the learner's at which the caller's thread is, or None."""
        frame = sys._current_frames().get(self.caller)
        while frame is not None and frame.f_code.co_filename != self.module.__file__:
            frame = frame.f_back
        return None if frame is None else frame.f_lineno


def fetch_all_threads_noted(module, items, fetch, limit):
    """Return the results and what the library noted; *limit* is {"workers": …} or empty."""
    library = Library(module, fetch)
    return [module.fetch_all_threads(items, library.blocking_fetch, **limit), library.calls]


async def fetch_all_async_noted(module, items, fetch, limit, request="request 0"):
    """Return the results and what the library noted, for the caller's *request*."""
    module.REQUEST_ID.set(request)
    library = Library(module, fetch)
    return [await module.fetch_all_async(items, library.blocking_fetch, **limit), library.calls]


async def fetch_all_async_for_two(module, items, fetch, requests):
    """Return what `fetch_all_async_noted` does, for two calls at once with a request each."""
    calls = [fetch_all_async_noted(module, items, fetch, {"workers": 3}, request) for request in requests]
    return await asyncio.gather(*map(asyncio.create_task, calls))
