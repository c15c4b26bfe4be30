"""What the grader checks in 10 stay_cooperative."""

import asyncio
import random
import zlib
from collections import Counter

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {"checksum": "async"}
BLOCK = 0.005  # seconds that a digest takes
MOST = 6  # blocks for which somebody else may have to wait


class Work:
    """Blocks with fresh digests; some blocks are equal. One digest at a time, as if there were one processor."""

    def __init__(self, submission, size):
        self.submission, self.processor, self.seen = submission, asyncio.Lock(), []
        different = [random.randbytes(8) for _ in range(size - size // 5)]
        self.digests = {block: random.randrange(1, 2**32) for block in different}
        self.blocks = different + random.sample(different, size // 5)
        random.shuffle(self.blocks)

    @property
    def digest(self):
        """A function that computes: a blocking one, on the clock of the check."""

        async def compute(block):
            self.seen.append(block)
            async with self.processor:
                await asyncio.sleep(BLOCK)
            return self.digests[block]

        def digest(block):
            return compute(block)

        return digest

    def expect_sum(self, total):
        asked, there = Counter(self.seen), Counter(self.blocks)
        if twice := asked - there:
            calls = self.submission.calls
            seen = f"for {len(self.blocks)} blocks digest was called {len(self.seen)} times."
            hint = "a digest is expensive: call it once for each block, and keep what it returns."
            second = self.seen.index(next(iter(twice)), self.seen.index(next(iter(twice))) + 1)
            fail("digested-twice", "a block was digested twice", seen, line=calls[second].line, hint=hint)
        expected = sum(self.digests[block] for block in self.blocks)
        if total != expected and (missed := there - asked):
            seen = f"{missed.total()} of {len(self.blocks)} blocks were not digested."
            fail("missed-a-block", "not all blocks were digested", seen, hint="follow the last blocks of the sequence.")
        expect_equal(total, expected, "the sum")


def explain_wait(submission, size, waits, paused, early):
    """Say why somebody in the loop waited too long for a turn, where the learner's computing is the reason."""
    seconds, begun = max(waits, key=lambda wait: wait[0], default=[0, []])
    if seconds <= (MOST + 0.001) * BLOCK:
        return
    _, lines, waiting = begun[0]
    tasks = len({task for task, *_ in begun})
    seen = (
        f"somebody else in the event loop waited {seconds * 1000:.0f} ms for a turn, "
        f"while {len(begun)} of {size} blocks were digested; {MOST} blocks ({MOST * BLOCK * 1000:.0f} ms) are allowed."
    )
    file = submission.calls[0].line

    def at(number):
        return None if file is None or number is None else file._replace(number=number)

    here = lines[0] if lines else None
    if tasks > 1:
        fail(
            "tasks-back-to-back",
            "the tasks ran back to back",
            f"{seen} They ran in {tasks} tasks, all ready at the same time.",
            line=at(waiting or here),
            mark="while this waits, all the tasks get their turns in one round of the loop; nobody else comes between",
            hint="make it a few blocks, then a turn for the others, then the next few.",
        )
    if len(waits) > 1:
        fail(
            "yields-too-rarely",
            "gave turns too rarely",
            seen,
            line=at(paused or here),
            mark="this lets the others run, but too many blocks pass before it comes again",
            hint=f"count the blocks: after each, or after every few, but never more than {MOST}.",
        )
    if len(lines) > 1:
        fail(
            "awaited-without-pause",
            "awaited what never pauses",
            seen,
            line=at(lines[1]),
            mark="what is awaited here computes and returns without ever suspending: no turn for anybody",
            hint="`await` alone gives no turn; at the bottom of it something must really suspend.",
        )
    if early or paused is not None:
        fail(
            "yielded-once",
            "gave one turn, and no more",
            f"{seen} The only turn came {'before the first' if early else 'after the last'} block.",
            line=at(paused or here),
            mark="one turn here, and none between the blocks",
            hint="a turn lets the others run once; give one between the blocks, again and again.",
        )
    fail(
        "never-yields",
        "nobody else had a turn",
        seen,
        line=at(here),
        mark="this computes block after block, and nothing in between suspends",
        hint="`async def` does not interrupt a computation; suspend between the blocks.",
    )


async def beside(submission, size):
    """Compute with somebody else in the loop, and expect that they get their turns."""
    work = Work(submission, size)
    with submission.takes(size, at_most=1.5 * size, serial=size, delay=BLOCK, hold=MOST):
        total, took, waits, paused, early = await submission.inside.checksum_beside(work.blocks, work.digest)
        explain_wait(submission, size, waits, paused, early)
        work.expect_sum(total)
        expect_no_pay(submission, size, took, paused)


def expect_no_pay(submission, size, took, paused):
    """Expect that hardly more time passes than the computing takes."""
    if took > (1.5 * size + 0.001) * BLOCK:
        first = submission.calls[0].line
        fail(
            "paid-for-turns",
            "paid time for the turns",
            f"{size} blocks take {size * BLOCK * 1000:.0f} ms; with the pauses it took {took * 1000:.0f} ms.",
            line=first._replace(number=paused) if first and paused else None,
            mark="this pause costs time, although nothing has to be waited for",
            hint="a pause of no time at all lets the others run, too.",
        )


async def test_sum(submission):
    """The sum of all digests, each block digested once."""
    for size in (7, 1, 40, 13):
        work = Work(submission, size)
        work.expect_sum(await submission.checksum(work.blocks, work.digest))
    expect_equal(await submission.checksum([], Work(submission, 1).digest), 0, "the sum of no digests")


@pytest.mark.check(points=3)
async def test_turns(submission):
    """While 40 blocks are digested, nobody waits longer than 6 blocks for a turn."""
    await beside(submission, 40)


@pytest.mark.check(points=2, picture=False)
async def test_more_blocks(submission):
    """And so with more blocks."""
    await beside(submission, random.randint(150, 200))


@pytest.mark.check(picture=False)
async def test_total(submission):
    """It takes hardly longer than the digests do."""
    size = 30
    work = Work(submission, size)
    with submission.takes(size, at_most=1.5 * size, serial=size, delay=BLOCK, hold=size):
        total, took, _, paused, _ = await submission.inside.checksum_beside(work.blocks, work.digest)
        work.expect_sum(total)
        expect_no_pay(submission, size, took, paused)


async def test_two_at_once(submission):
    """Two checksums at once do not disturb each other, nor a second asyncio.run(); nothing is left running."""
    for _ in range(2):
        one, other = Work(submission, 17), Work(submission, 23)
        totals = await asyncio.gather(
            submission.checksum(one.blocks, one.digest), submission.checksum(other.blocks, other.digest)
        )
        for work, total in zip([one, other], totals):
            expect_equal(total, sum(work.digests[block] for block in work.blocks), "the sum")
        await submission.new_loop()
    work = Work(submission, 3)
    work.expect_sum(await submission.checksum(work.blocks, work.digest))
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", processes="spawn")
async def test_for_real(submission):
    """And so on the real clock, with a digest that holds the interpreter."""
    blocks = [random.randbytes(8) for _ in range(60)]
    total, turns = await submission.inside.checksum_for_real(blocks)
    expect_equal(total, sum(map(zlib.crc32, blocks)), "the sum")
    if not turns:
        seen = "somebody with a pause of 5 ms did not come back once while 60 blocks were digested."
        fail("never-yields", "nobody else had a turn", seen, hint="let the others run between the blocks.")
