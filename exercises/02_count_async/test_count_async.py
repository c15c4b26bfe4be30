"""What the grader checks in 02 count_async."""

import asyncio

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {"count": "async", "main": "async"}
HORIZON = 100  # virtual seconds: far more than any check needs


class Words:
    """Hears what is said, and when; on the real clock a word may reach it late, so that when is not *exact*."""

    def __init__(self, *, exact=True):
        self.said, self.times, self.exact = [], [], exact

    def emit(self, word):
        self.said.append(word)
        self.times.append(asyncio.get_running_loop().time())

    def expect(self, who, said, pause):
        if not self.said:
            hint = 'say a word with emit("One"), not with print or return.'
            fail("said-nothing", "said nothing", f"{who} never called emit.", hint=hint)
        if sorted(map(repr, self.said)) == sorted(map(repr, said)) and self.said != said:
            seen = f"{who} said: {' '.join(self.said)}; expected: {' '.join(said)}."
            fail("wrong-words", "the words in another order", seen, hint='a count says "One", waits, and says "Two".')
        expect_equal(self.said, said, f"what {who} said")
        half = len(said) // 2
        waits = [(two - one) / pause for one, two in zip(self.times[:half], self.times[half:], strict=True)]
        if self.exact and min(waits) < 0.999:
            seen = f'"Two" came {min(waits):.2g} pauses after its "One"; expected 1.'
            fail("said-too-early", "no pause between One and Two", seen, hint="wait between the two words.")


async def three_counts(submission, pause, *, exact=True):
    words = Words(exact=exact)  # fresh ones: on the real clock a check may be tried again
    with submission.takes(1, at_most=1.8, serial=3, delay=pause):
        await submission.main(words.emit, pause)
    words.expect("main", ["One"] * 3 + ["Two"] * 3, pause)


@pytest.mark.check(points=2, horizon=HORIZON)
async def test_one_pause(submission):
    """Three counts take one pause: One One One Two Two Two."""
    await three_counts(submission, submission.delay)


@pytest.mark.parametrize("pause", [0.25, 4.0])
@pytest.mark.check(horizon=HORIZON)
async def test_pause(submission, pause):
    """The pause is as long as the caller says."""
    await three_counts(submission, pause)


@pytest.mark.check(horizon=HORIZON)
async def test_count(submission):
    """One count alone says One, waits, says Two."""
    words, pause = Words(), 0.5
    with submission.takes(1, at_most=1.8, serial=1, delay=pause):
        await submission.count(words.emit, pause)
    words.expect("count", ["One", "Two"], pause)


@pytest.mark.check(horizon=HORIZON)
async def test_nothing_left(submission):
    """When main returns, nothing more is said or left running."""
    words = Words()
    await submission.main(words.emit, submission.delay)
    said = len(words.said)
    await asyncio.sleep(5 * submission.delay)
    late = " ".join(map(str, words.said[said:]))
    if late:
        hint = "await everything you start before you return."
        fail("said-too-late", "went on after the end", f"main had returned, and then came: {late}.", hint=hint)
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission):
    """And so on the real clock."""
    await three_counts(submission, submission.delay, exact=False)
