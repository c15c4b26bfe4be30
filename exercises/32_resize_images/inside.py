"""Runs in the candidate, and in each process that it starts: Pillow tells who works with it and when.

What they tell is written into one file, a line for each event, since nothing else is common to all of the processes.
"""

import collections
import contextlib
import json
import multiprocessing
import os
import sys
import threading
import time
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

from PIL import Image, ImageFile

RECORDS = "jobs.log"  # in the candidate's own folder, which its processes share
PATIENCE = 4.0  # seconds for which the first jobs wait for workers that are still starting
ENOUGH = 1.5  # seconds, where two of them are there
PAUSE = 0.04  # seconds that reading and writing an image take longer, so that others can be seen beside it
LARGE = 16_000  # bytes; a path is far from it
FAR_TOO_MANY = 4  # times the limit and two: no more processes may start
STARTED_EARLY = len(multiprocessing.active_children())  # while the learner's file was being loaded
watch = {}
load, save = ImageFile.ImageFile.load, Image.Image.save
dumps = ForkingPickler.dumps.__func__


# -- in any process ------------------------------------------------------------------------------------------


def write(event, **facts):
    with Path(RECORDS).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"event": event, "at": time.monotonic(), **facts}) + "\n")


def read():
    lines = Path(RECORDS).read_text("utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def watched_load(image, *args, **kwargs):
    """Be `ImageFile.load`, which decodes the file when the pixels are first asked for."""
    if not image.tile or not Path(RECORDS).exists():
        return load(image, *args, **kwargs)
    with work("decode"):
        return load(image, *args, **kwargs)


def watched_save(image, *args, **kwargs):
    if not Path(RECORDS).exists():
        return save(image, *args, **kwargs)
    with work("encode"):
        return save(image, *args, **kwargs)


@contextlib.contextmanager
def work(stage):
    call = read()[0]
    here = os.getpid() == call["pid"]
    main = threading.current_thread() is threading.main_thread()
    who = [os.getpid(), threading.get_ident()]
    where = {"chain": chain(sys._getframe()), "loop": in_a_loop()} if here else {}
    write("start", who=who, stage=stage, main=here and main, **where)
    if stage == "decode" and not (here and main):
        wait_for_others(call)
    began = time.monotonic()
    try:
        if not (here and main):
            time.sleep(PAUSE)
        yield
    finally:
        write("end", who=who, stage=stage, began=began)


def watched_dumps(cls, obj, protocol=None):
    """Be `ForkingPickler.dumps`, which makes what goes to a worker and back."""
    data = dumps(cls, obj, protocol)
    if len(data) > LARGE and Path(RECORDS).exists():
        write("sent", size=len(data))
    return data


def wait_for_others(call):
    # Workers start slowly, and one alone could finish everything before the next is there: nothing would overlap.
    began = time.monotonic()
    while True:
        records = read()
        if any(record["event"] in {"met", "alone"} for record in records):
            return
        alive = [record["alive"] for record in records if record["event"] == "process"]
        expected = max([call["workers"], *alive[-1:]])
        busy = len(at_work(records))
        if busy >= min(expected, call["jobs"]):
            write("met")
            return
        if time.monotonic() - began > (PATIENCE if busy < 2 else ENOUGH):
            write("alone")
            return
        time.sleep(0.005)


def at_work(records):
    busy = set()
    for record in records:
        if record["event"] == "start":
            busy.add(tuple(record["who"]))
        elif record["event"] == "end":
            busy.discard(tuple(record["who"]))
    return busy


def in_a_loop():
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


ImageFile.ImageFile.load, Image.Image.save = watched_load, watched_save
ForkingPickler.dumps = classmethod(watched_dumps)


def no_more(_):
    os._exit(1)


if multiprocessing.parent_process() is not None:
    # A file that starts processes when it is imported would start them without end.
    BaseProcess.start = no_more


# -- in the learner's own process ----------------------------------------------------------------------------


def line_of(frame):
    """Return the innermost line of the learner's file from *frame* outwards."""
    while frame is not None:
        if frame.f_code.co_filename == watch["file"]:
            return frame.f_lineno
        frame = frame.f_back
    return None


def chain(frame):
    """Return a number and the line of each of the learner's frames, outermost first; one frame, one number.

    Those of resize_one are left out: it does one image, as it should.
    """
    found = []
    while frame is not None:
        if frame.f_code.co_filename == watch["file"] and frame.f_code.co_name != "resize_one":
            watch["frames"].append(frame)  # kept until the end, so that no other frame has its id
            found.append([id(frame), frame.f_lineno])
        frame = frame.f_back
    return found[::-1]


def keep_frames(frame):
    """Keep what the callers hold: a pool that nobody closes is not to vanish by chance."""
    while frame is not None and frame.f_code.co_name != "resize_all":
        watch["frames"].append(frame)
        frame = frame.f_back


def line_of_main():
    return line_of(sys._current_frames().get(threading.main_thread().ident))


@contextlib.contextmanager
def watched(module, workers, jobs):
    """Record the processes that start in the block, and where the main thread waits."""
    Path(RECORDS).write_text("")
    write("call", pid=os.getpid(), workers=workers, jobs=jobs, early=STARTED_EARLY)
    watch.update(file=module.__file__, threads=set(threading.enumerate()), lines=collections.Counter(), frames=[])
    if STARTED_EARLY:
        raise RuntimeError("processes were started while the file was being loaded")
    original, over = BaseProcess.start, threading.Event()

    def start(process):
        line = line_of(sys._getframe()) or line_of_main()
        serves = "Manager" in process.name  # it keeps shared objects, and takes no jobs
        alive = len(multiprocessing.active_children())
        if not serves and alive >= FAR_TOO_MANY * (workers + 2):
            write("too many", line=line)
            raise RuntimeError(f"more than {workers} processes")
        original(process)
        if not serves:
            write("process", line=line, alive=alive + 1)
            keep_frames(sys._getframe())

    def look():
        while not over.wait(0.02):
            watch["lines"][line_of_main()] += 1

    looking = threading.Thread(target=look, name="watch", daemon=True)
    BaseProcess.start = start
    looking.start()
    try:
        yield
    finally:
        BaseProcess.start = original
        over.set()
        looking.join()
        (line, _), *_ = watch["lines"].most_common(1) or [(None, 0)]
        write("over", line=line)


def resize_all(module, paths, size, out_dir, workers):
    """Resize; return the paths as plain data."""
    with watched(module, workers, len(paths)):
        new = module.resize_all([Path(path) for path in paths], tuple(size), Path(out_dir), workers=workers)
    return plain(new, out_dir)


def resize_all_nothing(module, size, out_dir):
    return module.resize_all([], tuple(size), Path(out_dir))


def resize_all_failing(module, paths, size, out_dir, workers):
    """Resize, where one image cannot be read; return what was raised: type, line, messages, those of its causes."""
    with watched(module, workers, len(paths)):
        try:
            module.resize_all([Path(path) for path in paths], tuple(size), Path(out_dir), workers=workers)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            trace, line = error.__traceback__, None
            while trace is not None:
                line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == watch["file"] else line
                trace = trace.tb_next
            return {"type": type(error).__name__, "line": line, "says": says(error), "causes": causes(error)}
    return None


def resize_one(module, path, size, out_dir):
    return plain(module.resize_one(Path(path), tuple(size), Path(out_dir)), out_dir)


def plain(value, out_dir):
    """Return paths as text, seen from *out_dir*; anything else with its type, so that it is not taken for a path."""
    if isinstance(value, list):
        return [plain(item, out_dir) for item in value]
    if isinstance(value, Path):
        return os.path.relpath(value, out_dir)
    return {"type": type(value).__name__, "text": str(value)} if isinstance(value, str) else value


def says(error):
    texts = [str(error), *getattr(error, "__notes__", ())]
    for inner in getattr(error, "exceptions", ()):
        texts += says(inner)
    return texts


def causes(error):
    texts = []
    while (error := error.__cause__ or error.__context__) is not None:
        if not type(error).__name__.endswith("RemoteTraceback"):
            texts += says(error)
    return texts


def resize_all_seen(module):
    """Return the records of the last call, and how many processes and threads it left; then end these."""
    until = time.monotonic() + 2.0
    while (left := leftovers()) != (0, 0) and time.monotonic() < until:
        time.sleep(0.02)
    records = read()
    watch["frames"].clear()
    for value in vars(module).values():
        if left[0] and callable(end := getattr(value, "terminate", None)) and not isinstance(value, type):
            end()
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    Path(RECORDS).unlink()
    events = [record["event"] for record in records]
    return {
        "records": records,
        "most_reading": most_at_once(records, "decode"),
        "most_working": most_at_once(records, "decode", "encode"),
        "late": events[events.index("over") :].count("end") if "over" in events else 0,
        "processes": left[0],
        "threads": left[1],
    }


def most_at_once(records, *stages):
    """Return how many workers were in these stages of their work at the same time, at most."""
    busy, most = collections.Counter(), 0
    for record in records:
        if record.get("stage") in stages:
            busy[tuple(record["who"])] += 1 if record["event"] == "start" else -1
            most = max(most, len(+busy))
    return most


def leftovers():
    threads = [thread for thread in threading.enumerate() if thread not in watch["threads"]]
    return len(multiprocessing.active_children()), len(threads)
