"""What the grader checks in 01 classify_workloads."""

import re
from typing import NamedTuple

import pytest

from grader.expect import fail

FUNCTIONS = {"classify": "plain"}
BOUNDS = ["io", "cpu", "mixed"]
TOOLS = ["asyncio", "threads", "processes", "asyncio+processes", "plain"]


class Job(NamedTuple):
    """The accepted answers, and what kind of job it is: a key of MISTAKES and of REASONS."""

    bounds: set
    tools: set
    kind: str


JOBS = {
    "fetch_50_weather": Job({"io"}, {"asyncio"}, "waits"),
    "resize_100_images": Job({"cpu"}, {"processes", "threads"}, "computes in C"),
    "query_10_databases": Job({"io"}, {"asyncio", "threads"}, "waits"),
    "train_5_models": Job({"cpu"}, {"processes"}, "computes in Python"),
    "stream_3_llms": Job({"io"}, {"asyncio"}, "waits"),
    "query_old_sync_database": Job({"io"}, {"threads"}, "blocks"),
    "compute_pi_digits": Job({"cpu"}, {"plain", "processes"}, "one chain"),
    "transform_one_item": Job({"cpu"}, {"plain"}, "one item"),
    "fetch_then_resize": Job({"mixed"}, {"asyncio+processes", "threads"}, "both"),
    "read_one_small_file": Job({"io"}, {"plain", "threads"}, "one file"),
    "hash_10_large_files": Job({"cpu", "mixed", "io"}, {"threads", "processes"}, "computes in C"),
    "serve_1000_idle_websockets": Job({"io"}, {"asyncio"}, "idles"),
}


class Mistake(NamedTuple):
    """What is wrong with a tool; `seen` follows the name of the job."""

    code: str
    title: str
    seen: str
    hint: str


COMPUTING = Mistake(
    "asyncio-for-computing",
    "asyncio cannot speed up computing",
    "keeps the processor busy all the time; asyncio only makes use of time in which it is idle.",
    "ask what the program does while the clock runs. Which tool brings more cores to the work?",
)
WAITING = Mistake(
    "processes-for-waiting",
    "more cores do not shorten a wait",
    "leaves the processor idle nearly all the time; further processes would be idle too.",
    "one thread can wait for many things at once. Which tool does that?",
)
UNSHARED = Mistake(
    "one-at-a-time",
    "one after another, where it need not be",
    "consists of parts that need not wait for each other; plain code does them in a row.",
    "which tool lets them overlap?",
)
SHARED_GIL = Mistake(
    "threads-share-the-gil",
    "threads do not make Python code faster",
    "runs Python code all the time; threads take turns at that, since only the one with the GIL may run it.",
    "each process has an interpreter, and a GIL, of its own.",
)
ALONE = Mistake(
    "nothing-to-overlap",
    "nothing there to overlap with",
    "is a single thing; a tool for many at once has nothing to run meanwhile, and costs something to set up.",
    "with one thing to do, what is the cheapest way to do it?",
)
CHAIN = Mistake(
    "nothing-to-split",
    "nothing there to share out",
    "is one chain of steps, each of which needs the one before; a second worker would have to wait for the first.",
    "more workers help where the work falls into parts. Does this one?",
)
NO_FILES = Mistake(
    "asyncio-for-a-file",
    "asyncio does not read files",
    "reads a file, and asyncio has nothing to await for that: its async file libraries use threads underneath.",
    "two kilobytes, once: what is the cheapest way to read them?",
)
FREEZES = Mistake(
    "asyncio-for-a-blocking-library",
    "asyncio does not unblock a library",
    "calls a driver that blocks; async def around it changes nothing, and the event loop stands still meanwhile.",
    "where could a blocking call block without anybody noticing?",
)
STOPS = Mistake(
    "blocks-everybody",
    "everybody waits for one query",
    "blocks for two seconds; called plainly in the service's only thread, it stops all the other visitors.",
    "where could a blocking call block without anybody noticing?",
)
NOT_AWAITED = Mistake(
    "threads-for-an-async-library",
    "threads where awaiting is enough",
    "has a client that is made to be awaited; one thread can wait for all of its answers.",
    "take the cheapest tool that helps.",
)
THREAD_EACH = Mistake(
    "thread-per-connection",
    "a thread for each silent connection",
    "would keep 1000 threads, each with a stack of its own, doing nothing nearly all the time.",
    "a thread that awaits can hear all of them.",
)
TOO_MUCH = Mistake(
    "more-than-needed",
    "one tool too many",
    "has nothing to await beside the computing, so the asyncio half has no work.",
    "which half does the work? Take that alone.",
)
HALF = Mistake(
    "half-the-job",
    "right for one half of the job",
    "waits for a server and then computes; this tool alone helps with one of the two.",
    "one tool for the waiting and one for the computing, or one that is good enough at both.",
)
ANY_PROCESSES = {"processes": WAITING, "asyncio+processes": WAITING}
MISTAKES = {
    "waits": {**ANY_PROCESSES, "threads": NOT_AWAITED, "plain": UNSHARED},
    "idles": {**ANY_PROCESSES, "threads": THREAD_EACH, "plain": UNSHARED},
    "blocks": {**ANY_PROCESSES, "asyncio": FREEZES, "plain": STOPS},
    "computes in C": {"asyncio": COMPUTING, "plain": UNSHARED, "asyncio+processes": TOO_MUCH},
    "computes in Python": {
        "asyncio": COMPUTING,
        "plain": UNSHARED,
        "threads": SHARED_GIL,
        "asyncio+processes": TOO_MUCH,
    },
    "both": {"asyncio": HALF, "processes": HALF, "plain": UNSHARED},
    "one chain": {"asyncio": COMPUTING, "threads": SHARED_GIL, "processes": CHAIN, "asyncio+processes": CHAIN},
    "one item": dict.fromkeys(["asyncio", "threads", "processes", "asyncio+processes"], ALONE),
    "one file": {"asyncio": NO_FILES, "processes": ALONE, "asyncio+processes": ALONE},
}

# Beginnings of the words that name what is waited for, what is busy, or why there is nothing to gain.
# A learner's own words must pass: when in doubt, a word is in the list.
WAIT = r"""
    wait await idl silen quiet sleep paus delay latenc network internet round.?trip travel respon repl answer arriv
    server service socket connect remote request download transfer fetch driver databas query queries rows client
    stream token packet wire link host web api site disk ssd storage hardware bandwidth message listen visitor block
    read file external outside elsewhere else other.side other.end other.machine event.loop unused free
    hardly barely come.back comes.back coming.back incoming until http tcp receiv in.flight overlap concurren meanwhile
    nothing
"""
COMPUTE = r"""
    cpu core processor machine comput calcul arithmetic math number crunch multipl gradient algorithm digit iterat loop
    pixel matri instruction cycle operation gil interpreter bytecode python pillow hashlib sha c.code in.c native memory
    busy flat.out full.speed heavy hard intensiv power parallel simultan at.once at.the.same.time side.by.side
    (no|not|never|nothing|without|\w+n't)\s(\w+\s){0,3}wait
"""
SINGLE = r"""
    one single once only alone nothing overlap overhead sequen depend previous before chain step small tiny little short
    quick fast cheap micro milli instant trivial set.?up start.?up cost gain benefit worth split divid
    immediat at.once serial meanwhile meantime concurren parallel
"""
REASONS = {
    "waits": WAIT,
    "idles": WAIT,
    "blocks": f"{WAIT} thread freez",
    "computes in C": COMPUTE,
    "computes in Python": COMPUTE,
    "both": f"{WAIT} {COMPUTE}",
    "one chain": f"{COMPUTE} {SINGLE}",
    "one item": f"{COMPUTE} {SINGLE}",
    "one file": f"{WAIT} {SINGLE}",
}
LABEL = re.compile(
    r"\b(cpu|i/?o|compute|input[/-]?output)([\s_-]*(bound|heavy|intensive|limited)\w*|[\s_-]+(task|job|workload)s?\b)"
    r"|\bbound (by|to) (the )?(cpu|i/?o)\b",
    re.IGNORECASE,
)
THREADED = re.compile(r"\bto_thread|executor|(?<!no )(?<!not )(?<!without )(?<!no need for )\bthread", re.IGNORECASE)


async def verdict_on(submission, task):
    verdict = await submission.classify(task)
    if not isinstance(verdict, tuple) or len(verdict) != 3 or not all(isinstance(part, str) for part in verdict):
        seen = f"classify({task!r}) returned {verdict!r:.80}."
        fail("not-a-verdict", "that is not a Verdict", seen, hint='return Verdict("io", "asyncio", "because …").')
    for part, known in zip(verdict, [BOUNDS, TOOLS], strict=False):
        if part not in known:
            seen = f"{task}: {part!r:.40} is not one of {', '.join(known)}."
            fail("unknown-label", "a label that does not exist", seen, hint="spell it as in the docstring of Verdict.")
    return verdict


def tool_fits(job, tool, because):
    # Who says that asyncio hands the work to threads means threads: asyncio.to_thread is asyncio's.
    by_thread = tool == "asyncio" and "threads" in job.tools and job.kind != "one file" and THREADED.search(because)
    return tool in job.tools or by_thread


@pytest.mark.check(points=0.5)
@pytest.mark.parametrize("task", JOBS)
async def test_bound_and_tool(submission, task):
    """Bound and tool fit the job."""
    job = JOBS[task]
    bound, tool, because = await verdict_on(submission, task)
    if not tool_fits(job, tool, because):
        code, title, seen, hint = MISTAKES[job.kind][tool]
        fail(code, title, f"{task} {seen} You chose {tool!r}.", hint=hint)
    if bound not in job.bounds:
        seen = f"{task}: you say {bound!r}, and that is not what takes the time."
        fail("wrong-bound", "waits or computes?", seen, hint="watch the processor in your mind: is it busy, or idle?")


def complaint(task, because):
    """Return the code and the words for what is wrong with a reason, or None."""
    job = JOBS[task]
    reason, labels = LABEL.subn(" ", because)
    named = any(re.search(rf"\b{stem}", reason, re.IGNORECASE) for stem in REASONS[job.kind].split())
    if not named and labels:
        return "label-as-reason", "only repeats the verdict; name the thing that is busy or keeps the program waiting"
    if len(because.split()) < 6:
        return "reason-too-short", "has fewer than six words"
    if not named:
        return "reason-names-nothing", "names nothing that is busy or waited for, or not what this job is about"
    return None


async def test_reasons(submission):
    """Every reason names what is busy, or what is waited for."""
    for task in JOBS:
        _, _, because = await verdict_on(submission, task)
        found = complaint(task, because)
        if found is not None:
            code, words = found
            hint = "imagine you watch the program run: what would you see it do?"
            fail(code, "a reason that gives no reason", f"{task}: {because!r:.80} {words}.", hint=hint)


@pytest.mark.check(points=0.5)
@pytest.mark.parametrize("task", ["boil_3_eggs", "fetch_51_weather"])
async def test_unknown(submission, task):
    """Any other name raises KeyError."""
    with submission.raises("KeyError", because=f"there is no job called {task!r}"):
        await submission.classify(task)
