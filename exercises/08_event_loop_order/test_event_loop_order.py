"""What the grader checks in 08 event_loop_order."""

import asyncio
import random

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {"run_ab": "async", "predictions": "plain"}
SAID = []  # lines, each with the second at which it is said


def say(line):
    SAID.append((line, asyncio.get_running_loop().time()))


# The programs, word for word as the stub shows them.


async def p1():
    async def step(name, seconds):
        say(f"{name}: starting")
        await asyncio.sleep(seconds)
        say(f"{name}: done")

    await asyncio.gather(step("A", 2), step("B", 1))


async def a(number):  # a and b are used by the programs that follow
    say(f"a{number}")


async def b():
    say("b")


async def p2():
    task = asyncio.create_task(b())
    await a(1)
    await a(2)
    await a(3)
    say("main")
    await task


async def p3():
    task = asyncio.create_task(b())
    await asyncio.create_task(a(1))
    await asyncio.create_task(a(2))
    await asyncio.create_task(a(3))
    say("main")
    await task


async def p4():
    task = asyncio.create_task(b())
    say("main")
    await asyncio.sleep(0)
    say("main again")
    await task


async def p5():
    async with asyncio.TaskGroup() as group:
        group.create_task(b())
        say("main")
    say("after the group")


async def p6():
    lock, queue = asyncio.Lock(), asyncio.Queue()
    queue.put_nowait("a thing")
    task = asyncio.create_task(b())
    async with lock:
        say("in the lock")
    await queue.get()
    say("after the queue")
    await task


async def p7():
    async def boil(name, seconds):
        await asyncio.sleep(seconds)
        say(f"{name} is done")
        return name

    for name in await asyncio.gather(boil("pasta", 2), boil("egg", 1)):
        say(name)


PROGRAMS = {"p1": p1, "p2": p2, "p3": p3, "p4": p4, "p5": p5, "p6": p6, "p7": p7}

# What somebody believes who predicts a wrong order: code, title, why it is not so, hint.
TASK_RUNS_AT_ONCE = (
    "starts-at-once",
    "a new task does not run at once",
    "create_task only puts b in line; who runs now goes on until it really has to wait.",
    "follow main with a finger, up to the first place where it cannot go on. Only there can another task begin.",
)
AWAIT_SWITCHES = (
    "every-await-switches",
    "not every await changes hands",
    "a() has nothing to wait for, so awaiting it is an ordinary call: main never lets go, and b cannot run.",
    "look into what is awaited. Is there anything in it that has to wait?",
)
AWAIT_PASSES_BY = (
    "awaiting-does-not-wait",
    "what is awaited comes first",
    "what is awaited has to end before the next line is reached.",
    "find the line that you put too early, and ask what the lines above it wait for.",
)
AWAITED_FIRST = (
    "overtakes-the-line",
    "first in line, first to run",
    "to await a task is to wait for its turn, and b was put in line before it.",
    "write down who stands in line at the first await, oldest first.",
)
IN_TURN = (
    "one-after-another",
    "while one sleeps, another runs",
    "gather makes a task of each; while the first one sleeps, the second has its turn.",
    "ask at each await: who else is ready to run?",
)
ENDS_AS_BEGUN = (
    "ends-as-it-began",
    "first to start, but not to end",
    "a sleeping task is woken when its time is over, whichever began first.",
    "note beside each sleep the second at which it is over.",
)
ZERO_IS_NOTHING = (
    "a-sleep-of-zero-is-nothing",
    "a sleep of zero is not nothing",
    "sleep(0) goes to the end of the line, and who stands there already runs first.",
    "who stands in line when main gets there?",
)
GROUP_IS_LEFT = (
    "leaves-the-group-early",
    "a group waits for its tasks",
    "the block of a TaskGroup ends when the last of its tasks has ended.",
    "the end of an `async with` block can wait as well. What does this one wait for?",
)
LOCK_SWITCHES = (
    "nothing-to-wait-for",
    "what is free is taken on the spot",
    "nobody holds the lock, and the queue has something in it: both are taken on the spot, without a turn for b.",
    "`async with` and `await` may wait. Do they have to, here?",
)
SORTED_BY_FINISH = (
    "sorted-by-finish",
    "gather does not sort by finish",
    "gather hands back its results in the order in which it was asked, whichever ended first.",
    "in which order were the two given to gather?",
)

# Who puts the first before the second, though it is the other way round, believes the third.
BELIEFS = {
    "p1": [("A: done", "B: starting", IN_TURN), ("A: done", "B: done", ENDS_AS_BEGUN)],
    "p2": [("b", "a1", TASK_RUNS_AT_ONCE), ("b", "main", AWAIT_SWITCHES), ("main", "a3", AWAIT_PASSES_BY)],
    "p3": [("a1", "b", AWAITED_FIRST), ("main", "a3", AWAIT_PASSES_BY)],
    "p4": [("b", "main", TASK_RUNS_AT_ONCE), ("main again", "b", ZERO_IS_NOTHING)],
    "p5": [("b", "main", TASK_RUNS_AT_ONCE), ("after the group", "b", GROUP_IS_LEFT)],
    "p6": [("b", "after the queue", LOCK_SWITCHES)],
    "p7": [
        ("pasta", "pasta is done", AWAIT_PASSES_BY),
        ("egg", "pasta is done", AWAIT_PASSES_BY),
        ("pasta is done", "egg is done", ENDS_AS_BEGUN),
        ("egg", "pasta", SORTED_BY_FINISH),
    ],
}


async def truth(name):
    """Return what a program says on this interpreter: lines, each with the seconds since it began."""
    SAID.clear()
    begin = asyncio.get_running_loop().time()
    await PROGRAMS[name]()
    return [(line, time - begin) for line, time in SAID]


def expect_belief(name, predicted, said, line):
    """Fail with the first belief that explains why *predicted* is not what was *said*."""
    mark = "this order is not what happens"
    for first, then, belief in BELIEFS[name]:
        if predicted.index(first) < predicted.index(then) and said.index(then) < said.index(first):
            code, title, why, hint = belief
            seen = f"{name}: you have {first!r} before {then!r}; it is the other way round: {why}"
            fail(code, title, seen, line=line, mark=mark, hint=hint)
    wrong = next(item for item, right in zip(predicted, said) if item != right)
    seen = f"{name}: {wrong!r} is not what comes at place {predicted.index(wrong) + 1}."
    hint = "go through the program step by step: who runs, and who stands in line?"
    fail("another-order", "said in another order", seen, line=line, mark=mark, hint=hint)


def entry(submission, name):
    """Return the line of the learner's prediction, wherever it can be found."""
    return submission.line(rf"""(^|[\[({{,"'])\s*{name}["']?\]?\s*(:[^=]*=|[:=,])""")


def expect_same_lines(name, predicted, said, line):
    """Expect the right lines in whatever order."""
    hint = f'write "{name}": ["…", "…"], one string for each thing that is said.'
    if not isinstance(predicted, list | tuple) or not all(isinstance(item, str) for item in predicted):
        seen = f"the prediction for {name} is {predicted!r:.80}; it should be a list of strings."
        fail("not-a-list-of-lines", "that is no list of lines", seen, line=line, hint=hint)
    strange = [item for item in predicted if item not in said]
    if strange:
        seen = f"{name} never says {strange[0]!r:.60}."
        fail("never-said", "a line that is never said", seen, line=line, hint="copy the words from the program.")
    if sorted(predicted) != sorted(said):
        missing = [item for item in said if item not in predicted]
        seen = f"{name} says {len(said)} things; you have {len(predicted)}"
        seen += f", and {missing[0]!r} is not among them." if missing else ", some of them more than once."
        fail("wrong-number-of-lines", "too few or too many lines", seen, line=line, hint=hint)


@pytest.mark.parametrize("name", PROGRAMS)
async def test_prediction(submission, name):
    """The prediction is what Python does."""
    predicted = await submission.predictions()
    told = await truth(name)
    said = [line for line, _ in told]
    if not isinstance(predicted, dict) or name not in predicted:
        seen = f"there is no {name!r} in the {len(predicted) if isinstance(predicted, dict) else 0} predictions."
        fail("no-prediction", "a prediction is missing", seen, hint='return {"p1": [...], …, "p7": [...]}.')
    submission.predicted_lines(name, predicted[name], told)
    line = entry(submission, name)
    expect_same_lines(name, predicted[name], said, line)
    if list(predicted[name]) != said:
        expect_belief(name, list(predicted[name]), said, line)


AB = {"A: starting": 0, "B: starting": 0, "B: done": 1, "A: done": 2}  # in order, with the unit at which each is due


class Log:
    """Keeps what is logged, and when."""

    def __init__(self, submission):
        self.submission, self.lines, self.times = submission, [], []
        self.earlier = len(submission.calls)
        self.begin = asyncio.get_running_loop().time()

    def write(self, line):
        self.lines.append(line)
        self.times.append(asyncio.get_running_loop().time() - self.begin)

    def fail(self, place, *words, hint):
        """Fail where the learner's code logged the line number *place*."""
        fail(*words, line=self.submission.calls[self.earlier + place].line, mark="logged here", hint=hint)

    def expect_lines(self):
        if not self.lines:
            fail("logged-nothing", "logged nothing", "run_ab never called log.", hint="call log with each line.")
        for place, line in enumerate(self.lines):
            if line not in AB or line in self.lines[:place]:
                seen = f"the log says {line!r:.60}, which it should not say{' twice' if line in AB else ''}."
                self.fail(place, "wrong-line", "a line too much", seen, hint=f"the lines are {', '.join(AB)}.")
        for place, (line, due) in enumerate(zip(self.lines, AB)):
            if line != due:
                seen = f"the log says: {', '.join(self.lines)}. {line!r} came where {due!r} was due."
                hint = "A starts first and takes two units; B takes one, beside it."
                self.fail(place, "logged-in-another-order", "the log is in another order", seen, hint=hint)
        expect_equal(self.lines, list(AB), "the log")

    def expect_times(self, unit):
        for place, (line, seconds, due) in enumerate(zip(self.lines, self.times, AB.values())):
            if abs(seconds / unit - due) > 0.25:
                seen = f"{line!r} was logged after {seconds / unit:.2g} units; it was due after {due}."
                hint = "log each line at the moment when it is true."
                self.fail(place, "logged-at-another-time", "the log does not say when", seen, hint=hint)


async def a_and_b(submission, unit, *, at_most=2.25):
    log = Log(submission)  # a fresh one: on the real clock a check may be tried again
    with submission.takes(2, at_most=at_most, serial=3, delay=unit):
        await submission.run_ab(log.write, unit)
    log.expect_lines()
    return log


@pytest.mark.check(points=2, horizon=100)
async def test_a_and_b(submission):
    """A and B together take two units, and log their four lines in order."""
    log = await a_and_b(submission, submission.delay)
    log.expect_times(submission.delay)


@pytest.mark.check(horizon=100)
async def test_another_unit(submission):
    """The unit is as long as the caller says; nothing is logged or left running after the end."""
    log = await a_and_b(submission, unit := random.choice([0.125, 0.25, 0.375, 0.5]))
    log.expect_times(unit)
    await asyncio.sleep(5)
    if len(log.lines) > len(AB):
        seen = f"run_ab had returned, and then came: {', '.join(map(str, log.lines[len(AB) :]))}."
        hint = "await everything you start before you return."
        log.fail(len(AB), "logged-too-late", "went on after the end", seen, hint=hint)
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission):
    """And so on the real clock."""
    await submission.run_ab(Log(submission).write, 0.01)  # a library may still be loading
    await a_and_b(submission, 2 * submission.delay, at_most=2.8)
