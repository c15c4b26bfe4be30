"""What the grader checks in 04 predict_the_clock."""

import asyncio
import heapq
import random
from typing import NamedTuple

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {
    "sequential": "plain",
    "concurrent": "plain",
    "limited": "plain",
    "on_cores": "plain",
    "exhibition": "plain",
}
LONG = 1e8  # virtual seconds: a learner may play the exhibitions in order to know their time
CLOSE = 1e-6  # seconds: sums of floats differ by less
JUDIT = (24, 5.0, 55.0, 30)
WAYS = ["one game at a time", "from table to table"]


# -- the truth: programs that run on the check's clock --


async def wait(name, seconds):
    """Wait; return what was waited for, and when it began and ended."""
    now = asyncio.get_running_loop().time
    start = now()
    await asyncio.sleep(seconds)
    return name, start, now()


async def one_after_another(delays):
    return [await wait(f"wait {number}", delay) for number, delay in enumerate(delays, 1)]


async def all_at_once(delays):
    return await asyncio.gather(*(wait(f"wait {number}", delay) for number, delay in enumerate(delays, 1)))


async def some_at_once(delays, limit):
    """Wait, *limit* at once, first come, first served."""
    places = asyncio.Semaphore(limit)

    async def one(name, delay):
        async with places:
            return await wait(name, delay)

    return await asyncio.gather(*(one(f"wait {number}", delay) for number, delay in enumerate(delays, 1)))


async def computing(costs, cores, tool):
    # In the one thread of a loop, and under the GIL, whoever computes is alone.
    free = list(range(1, cores + 1))
    at_work = asyncio.Semaphore(cores if tool == "processes" else 1)

    async def compute(cost):
        async with at_work:
            core = heapq.heappop(free)
            busy = await wait(f"core {core}", cost)
            heapq.heappush(free, core)
            return busy

    begin = asyncio.get_running_loop().time()
    idle = [(f"core {core}", begin, begin) for core in free]
    return [*idle, *await asyncio.gather(*map(compute, costs))]


async def one_game_at_a_time(opponents, think, reply, pairs):
    moves = [(who, s) for n in range(1, opponents + 1) for who, s in [("Judit", think), (f"table {n}", reply)] * pairs]
    return [await wait(who, seconds) for who, seconds in moves]


async def table_to_table(opponents, think, reply, pairs):
    judit = asyncio.Lock()

    async def game(table):
        spans = []
        for _ in range(pairs):
            async with judit:
                spans.append(await wait("Judit", think))
            spans.append(await wait(table, reply))
        return spans

    games = await asyncio.gather(*(game(f"table {number}") for number in range(1, opponents + 1)))
    return [span for spans in games for span in spans]


# -- known mistakes: a line for the code and the title, one for what was predicted instead, one for what to try --

WORDS = """
added-up: added up what overlaps
    That is the sum of all, as if each of them waited for the one before.
    all of them begin at 0. When does the last of them end?
limit-ignored: forgot the queue
    That is the longest one alone, as if all of them began at once.
    only the first few begin at 0. When does each of the others begin?
nobody-overlaps: overlapped nothing
    That is the sum of all, as if only one of them could go on at a time.
    how many can go on at once? So many begin at 0.
perfect-packing: divided what cannot be divided
    That needs everybody to be busy to the very end, as if a long one could be shared out.
    draw a line for each of them: where does it begin, and how long is it?
waited-for-the-batch: let a place stay empty
    That is the time of batches, each of which waits for the slowest of the one before.
    the next in line begins when any of them has ended, not when all of them have.
dealt-out: dealt out the work beforehand
    That is what it takes if they are dealt out in turn, like cards.
    the next in line goes wherever something has ended first; nobody knows that beforehand.
changed-the-order: not first come, first served
    That is what it takes in another order, sorted by length.
    they begin in the order in which they are listed.
asyncio-in-one-thread: asyncio does not compute in parallel
    A loop has one thread, and so one core. These coroutines never wait, so none leaves a gap for another.
    one thread has all of this to compute. How long is it busy, in whatever order?
threads-share-the-gil: threads do not compute in parallel
    Only the thread that has the GIL runs Python code; the others wait for it, however many cores there are.
    at any moment one thread computes. When is all of it computed?
replies-forgotten: forgot the replies
    Those are Judit's moves alone.
    one game at a time, she sits through every reply.
last-move: stopped the clock too early
    That is when Judit has made her last move; the opponent there has yet to reply.
    the exhibition is over when the last reply has been made.
many-judits: a Judit at every table
    That is one game alone, as if she could move at all the tables at the same moment.
    her opponents think at the same time, but no two of her moves overlap.
waited-for-everybody: Judit waited for the whole round
    That is rounds in which she stays at the last table until it has replied.
    is the first table not ready before the last one is?
games-in-a-row: nothing gained by walking
    That is one game at a time.
    while an opponent thinks, Judit moves elsewhere. Which part of the time does that save?
round-too-short: forgot who waits for whom
    With few tables she is back before the opponent has replied, and waits; with many, her opponents wait for her.
    how long is she at the other tables, and how long does a reply take? The longer of the two counts.
"""


class Mistake(NamedTuple):
    """A known mistake, and the models that make it: functions that predict what it predicts; none: all too short."""

    code: str
    title: str
    seen: str
    hint: str
    models: tuple


def known(code, *models):
    title, seen, hint = WORDS.partition(f"\n{code}: ")[2].splitlines()[:3]
    return Mistake(code, title, seen.strip(), hint.strip(), models)


def in_batches(delays, limit, *_):
    return sum(max(delays[first : first + limit]) for first in range(0, len(delays), limit))


def seated(delays, limit):
    free = [0.0] * limit
    for delay in delays:
        heapq.heapreplace(free, free[0] + delay)
    return max(free)


QUEUE = [
    known("limit-ignored", lambda d, *_: max(d)),
    known("nobody-overlaps", lambda d, *_: sum(d)),
    known("perfect-packing", lambda d, limit, *_: sum(d) / limit, lambda d, limit, *_: max(sum(d) / limit, *d)),
    known("waited-for-the-batch", in_batches, lambda d, limit, *_: -(-len(d) // limit) * max(d)),
    known("dealt-out", lambda d, limit, *_: max(sum(d[place::limit]) for place in range(limit))),
    known(
        "changed-the-order",
        lambda d, limit, *_: seated(sorted(d), limit),
        lambda d, limit, *_: seated(sorted(d, reverse=True), limit),
    ),
]
COMPUTING = {
    "asyncio": [known("asyncio-in-one-thread")],
    "threads": [known("threads-share-the-gil")],
    "processes": QUEUE,
}
MOVES_ALONE = [known("replies-forgotten", lambda n, think, _, pairs: n * pairs * think)]
TABLE_TO_TABLE = [
    known("last-move", lambda n, t, r, pairs: (pairs - 1) * max(n * t, t + r) + n * t),
    known("many-judits", lambda _, t, r, pairs: pairs * (t + r)),
    known("waited-for-everybody", lambda n, t, r, pairs: pairs * (n * t + r)),
    known("games-in-a-row", lambda n, t, r, pairs: n * pairs * (t + r)),
    known(
        "round-too-short",
        lambda n, t, r, pairs: n * pairs * t + r,
        lambda n, t, _, pairs: n * pairs * t,
        lambda n, t, r, pairs: (pairs - 1) * max(n * t, r) + n * t + r,
        lambda n, t, r, pairs: pairs * (t + r) + (n - 1) * t,
    ),
]


# -- the checks --


def call_of(name, args):
    shown = [f"[{', '.join(map(tidy, arg))}]" if isinstance(arg, list) else tidy(arg) for arg in args]
    return f"{name}({', '.join(shown)})"


def tidy(value):
    return repr(value) if isinstance(value, str) else f"{round(value, 6):.12g}"


class Case(NamedTuple):
    """One prediction, and the truth: how long the program took, and its spans (name, start, end), all in seconds."""

    args: tuple
    answer: float
    truth: float
    spans: list


def teaches(case, part):
    """Return a sort key: first what is best to look at, in which something overlaps, and not everything."""
    lengths = [end - start for _, start, end in case.spans if end > start]
    if part is not None:
        return 1 in {case.args[0], case.args[-1]}, abs(len(lengths) - 12)
    return not max(lengths) < case.truth < sum(lengths), 1 in case.args[1:2], abs(len(lengths) - 5)


async def compare(submission, name, inputs, program, mistakes, *, part=None):
    """Expect the time of the program from each prediction; *part*: which one, where there are two."""
    cases, now = [], asyncio.get_running_loop().time
    answers = [await getattr(submission, name)(*args) for args in inputs]
    for args, answer in zip(inputs, answers, strict=True):
        begin = now()
        spans = await program(*args)
        truth = now() - begin
        number, expected = answer, truth
        if part is not None:
            is_pair = type(answer) is tuple and len(answer) == 2
            number, expected = (answer[part], truth) if is_pair else (answer, (truth, truth))
        if type(number) not in {int, float} or type(expected) is tuple:
            await getattr(submission, name)(*args)  # once more: the report points to where this answer is returned
            expect_equal(number, expected, call_of(name, args))
        number = max(min(number, 1e100), -1e100)  # an int may be too large for a float
        cases.append(Case(args, number, truth, [(who, start - begin, end - begin) for who, start, end in spans]))
    wrong = [case for case in cases if not abs(case.answer - case.truth) <= CLOSE]
    wrong.sort(key=lambda case: len(call_of(name, case.args)))  # the shortest is told, and drawn
    shown = wrong[0] if wrong else min(cases, key=lambda case: teaches(case, part))
    title = call_of(name, shown.args) + ("" if part is None else f", {WAYS[part]}")
    submission.predicted_time(title, shown.answer, shown.spans)
    if wrong:
        await explain(submission, name, wrong, mistakes, part)


async def explain(submission, name, wrong, mistakes, part):
    """Fail with the mistake that explains every wrong answer; the first of them is shown."""
    args, answer, truth, _ = wrong[0]
    await getattr(submission, name)(*args)
    which = "" if part is None else f"{WAYS[part]}, "
    seen = f"{call_of(name, args)}: {which}you say {tidy(answer)} s, and it takes {tidy(truth)} s."
    for mistake in mistakes:
        fits = [all(abs(model(*case.args) - case.answer) <= CLOSE for case in wrong) for model in mistake.models]
        if any(fits or [all(case.answer < case.truth for case in wrong)]):
            fail(mistake.code, mistake.title, f"{seen} {mistake.seen}", hint=mistake.hint)
    hint = "play it on paper: what begins when, and when does the last one end?"
    fail("wrong-prediction", "the clock says otherwise", seen, hint=hint)


def some(size):
    return [random.randint(1, 18) / 2 if size < 6 else round(random.uniform(0, 9), 3) for _ in range(size)]


def queues():
    return [(some(size), random.randint(1, 4)) for size in range(2, 12) for _ in range(3)] + [(some(3), 5)]


def exhibitions(many):
    """Return exhibitions in which the opponents wait for Judit (*many* tables), or she for them."""
    found = [JUDIT] if many else []
    while len(found) < 16:
        n, think, reply = random.randint(1, 8), random.randint(1, 12) / 2, random.randint(1, 60) / 2
        if ((n - 1) * think > reply) is many:
            found.append((n, think, reply, random.randint(1, 5)))
    return found


@pytest.mark.check(horizon=LONG)
async def test_sequential(submission):
    """One after another."""
    await compare(submission, "sequential", [(some(size),) for size in range(1, 12)], one_after_another, [])


@pytest.mark.check(horizon=LONG)
async def test_concurrent(submission):
    """All at once."""
    inputs = [(some(size),) for size in range(1, 12)]
    await compare(submission, "concurrent", inputs, all_at_once, [known("added-up", sum)])


@pytest.mark.check(points=2, horizon=LONG)
async def test_limited(submission):
    """Some at once, first come, first served."""
    await compare(submission, "limited", queues(), some_at_once, QUEUE)
    ran = await some_at_once([4, 1, 2, 1, 3], 2)
    begin = ran[0][1]
    for _, start, end in ran:
        submission.note("wait", start - begin, end - begin)


@pytest.mark.check(horizon=LONG)
@pytest.mark.parametrize("tool", COMPUTING)
async def test_computing(submission, tool):
    """Computing on several cores."""
    await compare(submission, "on_cores", [(*queue, tool) for queue in queues()], computing, COMPUTING[tool])


@pytest.mark.check(horizon=LONG)
async def test_one_game_at_a_time(submission):
    """One game at a time."""
    await compare(submission, "exhibition", exhibitions(many=True), one_game_at_a_time, MOVES_ALONE, part=0)


@pytest.mark.check(points=2, horizon=LONG)
async def test_many_tables(submission):
    """From table to table, with many tables."""
    await compare(submission, "exhibition", exhibitions(many=True), table_to_table, TABLE_TO_TABLE, part=1)


@pytest.mark.check(horizon=LONG)
async def test_few_tables(submission):
    """From table to table, with few tables."""
    await compare(submission, "exhibition", exhibitions(many=False), table_to_table, TABLE_TO_TABLE, part=1)


@pytest.mark.check(horizon=LONG)
async def test_nothing(submission):
    """Without anything to do, no time passes."""
    for name, *rest in [("sequential",), ("concurrent",), ("limited", 3), *(("on_cores", 2, t) for t in COMPUTING)]:
        expect_equal(await getattr(submission, name)([], *rest), 0.0, call_of(name, ([], *rest)))
