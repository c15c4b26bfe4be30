from typing import NamedTuple


class Verdict(NamedTuple):
    bound: str
    tool: str
    because: str


VERDICTS = {
    "fetch_50_weather": Verdict("io", "asyncio", "The time passes on the other side, not in our program."),
    "resize_100_images": Verdict("cpu", "processes", "My eight cores should all be working at the same time."),
    "query_10_databases": Verdict("io", "threads", "Nobody here works hard, we just sit until somebody answers."),
    "train_5_models": Verdict("cpu", "processes", "It never has to wait for anything, it only calculates."),
    "stream_3_llms": Verdict("io", "asyncio", "Between two words there is a lot of idle time."),
    "query_old_sync_database": Verdict(
        "io", "threads", "Old library: it does not let go while it waits, so put it elsewhere."
    ),
    "compute_pi_digits": Verdict("cpu", "plain", "It just calculates, and the next number needs the last one."),
    "transform_one_item": Verdict("cpu", "plain", "Too small to be worth the cost of starting anything."),
    "fetch_then_resize": Verdict(
        "mixed", "asyncio+processes", "It is I/O-bound at first (network latency), CPU-bound later (pixels)."
    ),
    "read_one_small_file": Verdict("io", "plain", "It's tiny; any tool would take longer to set up."),
    "hash_10_large_files": Verdict("cpu", "processes", "The processor can't keep up with such a quick disk."),
    "serve_1000_idle_websockets": Verdict(
        "io", "asyncio", "Silence most of the time, and threads would eat the memory; the loop waits."
    ),
}


def classify(task):
    return VERDICTS[task]
