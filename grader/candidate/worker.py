"""The first module of a worker process that the learner's code starts: joins the exercise's ``inside.py``.

multiprocessing runs it as ``__mp_main__`` under ``spawn`` and ``forkserver``, before any job; a forked worker has
all of it from its parent.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
from multiprocessing import spawn
from typing import Any, Final

INSIDE: Final = "ONEDELAY_INSIDE"


def prepare(method: str, inside: str | None) -> None:
    """Set the start method, and what each worker imports first; call it in the candidate."""
    multiprocessing.set_start_method(method, force=True)
    os.environ.pop(INSIDE, None)
    if inside is not None:
        os.environ[INSIDE] = inside
    owner: Any = spawn
    original = getattr(owner.get_preparation_data, "__wrapped__", owner.get_preparation_data)

    def get_preparation_data(name: str) -> dict[str, Any]:
        data: dict[str, Any] = original(name)
        data.pop("init_main_from_path", None)
        data["init_main_from_name"] = __name__
        return data

    get_preparation_data.__wrapped__ = original  # type: ignore[attr-defined]
    owner.get_preparation_data = get_preparation_data


if __name__ == "__mp_main__" and INSIDE in os.environ:
    with contextlib.suppress(ImportError):
        importlib.import_module(os.environ[INSIDE])
