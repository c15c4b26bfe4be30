from typing import NamedTuple


class Verdict(NamedTuple):
    bound: str
    tool: str
    because: str


VERDICTS = {
    "fetch_50_weather": Verdict("io", "asyncio", "While one city's answer travels, the other requests can be sent."),
    "resize_100_images": Verdict("cpu", "processes", "Scaling pixels keeps a core busy, so use all eight cores."),
    "query_10_databases": Verdict("io", "asyncio", "The servers do the work; the program just waits for rows."),
    "train_5_models": Verdict(
        "cpu", "processes", "A pure Python loop holds the GIL; five interpreters need five processes."
    ),
    "stream_3_llms": Verdict("io", "asyncio", "Most of the time all three connections are silent."),
    "query_old_sync_database": Verdict(
        "io", "threads", "The driver blocks, and a worker thread may block without harm."
    ),
    "compute_pi_digits": Verdict(
        "cpu", "asyncio+processes", "Every step needs the previous result, so nothing can be split."
    ),
    "transform_one_item": Verdict("cpu", "plain", "It is one item and there is nothing to overlap it with."),
    "fetch_then_resize": Verdict("mixed", "asyncio+processes", "First it waits for the server, then the cores resize."),
    "read_one_small_file": Verdict("io", "plain", "A single short read from the disk, nothing else to do."),
    "hash_10_large_files": Verdict("cpu", "threads", "Computing the hash is the slow part and releases the GIL."),
    "serve_1000_idle_websockets": Verdict("io", "asyncio", "Nearly all sockets are idle; one loop can listen to them."),
}


def classify(task):
    return VERDICTS[task]  # <-- here
