"""01 classify_workloads: the reference solution."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Bound = Literal["io", "cpu", "mixed"]
Tool = Literal["asyncio", "threads", "processes", "asyncio+processes", "plain"]


class Verdict(NamedTuple):
    """What takes the time, the cheapest tool that helps, and why."""

    bound: Bound
    tool: Tool
    because: str


# Two questions decide. What does the program do while the clock runs? If it waits, one thread can wait for many things
# at once, provided that they can be awaited; a thread can wait for one that blocks. If it computes, only more cores
# help: other processes, or threads where the computing is done by C code that lets go of the GIL.
# And is there anything to do meanwhile? If not, no tool gains anything, and plain code is cheapest.
_VERDICTS: Final[dict[str, Verdict]] = {
    "fetch_50_weather": Verdict(
        "io", "asyncio", "Fifty answers are on their way at once while one thread waits for all."
    ),
    "resize_100_images": Verdict(
        "cpu", "threads", "Pillow keeps a core busy per image and releases the GIL meanwhile."
    ),
    "query_10_databases": Verdict("io", "asyncio", "Ten servers think; we only wait for their answers, in one thread."),
    "train_5_models": Verdict(
        "cpu", "processes", "The arithmetic holds the GIL, so each model needs its own interpreter."
    ),
    "stream_3_llms": Verdict("io", "asyncio", "Words trickle in; one thread has time to wait for all three."),
    "query_old_sync_database": Verdict(
        "io", "threads", "The driver blocks until the answer; in a thread it blocks only that."
    ),
    "compute_pi_digits": Verdict("cpu", "plain", "One core computes, and each step needs the one before it."),
    "transform_one_item": Verdict("cpu", "plain", "One core is busy for microseconds, with nothing to overlap."),
    "fetch_then_resize": Verdict(
        "mixed", "asyncio+processes", "Downloads wait for the network, then resizing keeps the cores busy."
    ),
    "read_one_small_file": Verdict(
        "io", "plain", "The disk answers in no time, and nobody has anything to do meanwhile."
    ),
    "hash_10_large_files": Verdict(
        "cpu", "threads", "Hashing keeps the cores busy; hashlib releases the GIL meanwhile."
    ),
    "serve_1000_idle_websockets": Verdict(
        "io", "asyncio", "A thousand sockets are silent; one event loop waits for them all."
    ),
}


def classify(task: str) -> Verdict:
    """Return the verdict on one of the twelve jobs; raise KeyError for any other name."""
    return _VERDICTS[task]
