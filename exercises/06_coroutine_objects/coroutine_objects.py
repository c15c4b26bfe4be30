"""06 coroutine_objects: a function, what calling it returns, and how to run a coroutine by hand."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Kind = Literal[
    "coroutine function",
    "coroutine",
    "async generator function",
    "async generator",
    "generator function",
    "generator",
    "task",
    "future",
    "other",
]


def kind_of(obj: object) -> Kind:
    """Say what *obj* is, by looking at it: nothing is called, started or closed.

    A bound method counts as the function it is bound to. Whatever is none of the eight kinds is "other".
    """
    # TODO: look into the module inspect. Then write drive.
    raise NotImplementedError


def drive(coro: Coroutine[Any, Any, T]) -> T:
    """Run *coro* to its end, without any event loop, and return its result; its exception is raised here.

    Each time it suspends itself it yields None, which means "resume me". Resume it at once, with None.
    RuntimeError when *coro* has ended before.
    """
    raise NotImplementedError
