"""Runs in the candidate, and in each process that it starts: jobs that tell who did them and when, and what was left.

What they tell is written into one file, a line for each event, since nothing else is common to all of the processes.
"""

import collections
import contextlib
import ctypes
import importlib
import json
import multiprocessing
import os
import pathlib
import sys
import threading
import time
from multiprocessing.process import BaseProcess

RECORDS = "jobs.log"  # in the candidate's own folder, which its processes share
PATIENCE = 4.0  # seconds for which the first jobs wait for workers that are still starting
ENOUGH = 1.5  # seconds, where two of them are there
WORK = 0.06  # seconds for which a job keeps the GIL; it uses no core meanwhile
FAR_TOO_MANY = 4  # times the limit and two: no more processes may start
STARTED_EARLY = len(multiprocessing.active_children())  # while the learner's file was being loaded
watch = {}


# -- in any process ------------------------------------------------------------------------------------------


def write(event, **facts):
    with pathlib.Path(RECORDS).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"event": event, "at": time.monotonic(), **facts}) + "\n")


def read():
    lines = pathlib.Path(RECORDS).read_text("utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def job(config):
    """Be the `train` of a check: compute for a moment, and tell who did it and when."""
    call = read()[0]
    here = os.getpid() == call["pid"] and interpreter() == 0
    main = threading.current_thread() is threading.main_thread()
    shared = here and getattr(sys, "_is_gil_enabled", lambda: True)()
    who = [os.getpid(), interpreter(), threading.get_ident()]
    where = {"chain": chain(sys._getframe()), "loop": in_a_loop(), "waited": line_of_main()} if here else {}
    write("start", who=who, name=config.name, shared=shared, main=main, **where)
    if not shared:
        wait_for_others(call)
    began = time.monotonic()
    if not shared:  # where the GIL is shared, that is all there is to see
        keep_the_gil()
    write("end", who=who, name=config.name, began=began)
    model = importlib.import_module("train_models").Model
    return model(config.name, config.seed / 2, config.learning_rate, float(config.epochs))


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


def keep_the_gil():
    # PyDLL calls C without letting go of the GIL, as computing in Python does, whatever the number of cores.
    if os.name == "nt":
        ctypes.PyDLL("kernel32").Sleep(int(WORK * 1e3))
    else:
        ctypes.PyDLL(None).usleep(int(WORK * 1e6))


def interpreter():
    """Return the number of this interpreter, which has a GIL of its own; 0 is the main one."""
    with contextlib.suppress(ImportError):
        current = importlib.import_module("_interpreters").get_current()
        return int(current[0] if isinstance(current, tuple) else current)
    return 0


def in_a_loop():
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


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
    """Return a number and the line of each of the learner's frames, outermost first; one frame, one number."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename == watch["file"]:
            watch["frames"].append(frame)  # kept until the end, so that no other frame has its id
            found.append([id(frame), frame.f_lineno])
        frame = frame.f_back
    return found[::-1]


def keep_frames(frame):
    """Keep what the callers hold: a pool that nobody closes is not to vanish by chance."""
    while frame is not None and frame.f_code.co_name != "train_all":
        watch["frames"].append(frame)
        frame = frame.f_back


def line_of_main():
    return line_of(sys._current_frames().get(threading.main_thread().ident))


@contextlib.contextmanager
def watched(module, workers, jobs):
    """Record the processes that start in the block, and where the main thread waits."""
    pathlib.Path(RECORDS).write_text("")
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


def train_all(module, rows, workers, own_job):
    """Train; return the models. own_job: with `job`, and *workers*; else with the defaults."""
    configs = [module.ModelConfig(*row) for row in rows]
    options = {"workers": workers, "train": job} if own_job else {}
    with watched(module, workers, len(rows)):
        return module.train_all(configs, **options)


def train_all_failing(module, rows, workers):
    """Train, where one training fails; return what was raised: type, messages, and those of its causes."""
    configs = [module.ModelConfig(*row) for row in rows]
    with watched(module, workers, len(rows)):
        try:
            module.train_all(configs, workers=workers)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            trace, line = error.__traceback__, None
            while trace is not None:
                line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == watch["file"] else line
                trace = trace.tb_next
            return {"type": type(error).__name__, "line": line, "says": says(error), "causes": causes(error)}
    return None


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


def train_all_seen(module):
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
    pathlib.Path(RECORDS).unlink()
    return {"records": records, "processes": left[0], "threads": left[1]}


def leftovers():
    threads = [thread for thread in threading.enumerate() if thread not in watch["threads"]]
    return len(multiprocessing.active_children()), len(threads)


def train_model(module, row):
    return module.train_model(module.ModelConfig(*row))
