from typing import NamedTuple


class Verdict(NamedTuple):
    bound: str
    tool: str
    because: str


VERDICTS = {
    "fetch_50_weather": Verdict("io", "asyncio", "It is an I/O bound job."),
    "resize_100_images": Verdict("cpu", "processes", "It is a CPU bound job."),
    "query_10_databases": Verdict("io", "asyncio", "It is an I/O bound job."),
    "train_5_models": Verdict("cpu", "processes", "It is a CPU bound job."),
    "stream_3_llms": Verdict("io", "asyncio", "It is an I/O bound job."),
    "query_old_sync_database": Verdict("io", "threads", "It is an I/O bound job."),
    "compute_pi_digits": Verdict("cpu", "plain", "It is a CPU bound job."),
    "transform_one_item": Verdict("cpu", "plain", "It is a CPU bound job."),
    "fetch_then_resize": Verdict("mixed", "asyncio+processes", "It is a CPU bound job."),
    "read_one_small_file": Verdict("io", "plain", "It is an I/O bound job."),
    "hash_10_large_files": Verdict("cpu", "threads", "It is a CPU bound job."),
    "serve_1000_idle_websockets": Verdict("io", "asyncio", "It is an I/O bound job."),
}


def classify(task):
    return VERDICTS[task]  # <-- here
