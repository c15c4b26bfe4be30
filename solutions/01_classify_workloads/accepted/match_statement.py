from typing import NamedTuple


class Verdict(NamedTuple):
    bound: str
    tool: str
    because: str


def classify(task):
    match task:
        case "fetch_50_weather":
            return Verdict("io", "asyncio", "While one city's answer travels, the other requests can be sent.")
        case "resize_100_images":
            return Verdict("cpu", "processes", "Scaling pixels keeps a core busy, so use all eight cores.")
        case "query_10_databases":
            return Verdict("io", "asyncio", "The servers do the work; the program just waits for rows.")
        case "train_5_models":
            return Verdict(
                "cpu", "processes", "A pure Python loop holds the GIL; five interpreters need five processes."
            )
        case "stream_3_llms":
            return Verdict("io", "asyncio", "Most of the time all three connections are silent.")
        case "query_old_sync_database":
            return Verdict("io", "threads", "The driver blocks, and a worker thread may block without harm.")
        case "compute_pi_digits":
            return Verdict("cpu", "plain", "Every step needs the previous result, so nothing can be split.")
        case "transform_one_item":
            return Verdict("cpu", "plain", "It is one item and there is nothing to overlap it with.")
        case "fetch_then_resize":
            return Verdict("mixed", "asyncio+processes", "First it waits for the server, then the cores resize.")
        case "read_one_small_file":
            return Verdict("io", "plain", "A single short read from the disk, nothing else to do.")
        case "hash_10_large_files":
            return Verdict("cpu", "threads", "Computing the hash is the slow part and releases the GIL.")
        case "serve_1000_idle_websockets":
            return Verdict("io", "asyncio", "Nearly all sockets are idle; one loop can listen to them.")
        case _:
            raise KeyError(task)
