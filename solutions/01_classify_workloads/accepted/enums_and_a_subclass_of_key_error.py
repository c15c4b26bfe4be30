from collections import namedtuple
from enum import Enum


class Bound(str, Enum):
    io = "io"
    cpu = "cpu"
    mixed = "mixed"


class UnknownJob(KeyError):
    pass


Verdict = namedtuple("Verdict", ["bound", "tool", "because"])
VERDICTS = [
    (
        "fetch_50_weather",
        Verdict(Bound.io, "asyncio", "While one city's answer travels, the other requests can be sent."),
    ),
    ("resize_100_images", Verdict(Bound.cpu, "processes", "Scaling pixels keeps a core busy, so use all eight cores.")),
    ("query_10_databases", Verdict(Bound.io, "asyncio", "The servers do the work; the program just waits for rows.")),
    (
        "train_5_models",
        Verdict(Bound.cpu, "processes", "A pure Python loop holds the GIL; five interpreters need five processes."),
    ),
    ("stream_3_llms", Verdict(Bound.io, "asyncio", "Most of the time all three connections are silent.")),
    (
        "query_old_sync_database",
        Verdict(Bound.io, "threads", "The driver blocks, and a worker thread may block without harm."),
    ),
    (
        "compute_pi_digits",
        Verdict(Bound.cpu, "plain", "Every step needs the previous result, so nothing can be split."),
    ),
    ("transform_one_item", Verdict(Bound.cpu, "plain", "It is one item and there is nothing to overlap it with.")),
    (
        "fetch_then_resize",
        Verdict(Bound.mixed, "asyncio+processes", "First it waits for the server, then the cores resize."),
    ),
    ("read_one_small_file", Verdict(Bound.io, "plain", "A single short read from the disk, nothing else to do.")),
    ("hash_10_large_files", Verdict(Bound.cpu, "threads", "Computing the hash is the slow part and releases the GIL.")),
    (
        "serve_1000_idle_websockets",
        Verdict(Bound.io, "asyncio", "Nearly all sockets are idle; one loop can listen to them."),
    ),
]


class Classifier:
    def __call__(self, task: str) -> Verdict:
        for name, verdict in VERDICTS:
            if name == task:
                return verdict
        raise UnknownJob(task)


classify = Classifier()
