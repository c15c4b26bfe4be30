"""What is checked in 92 bill, the task of the example with a plain function."""

from grader.expect import expect_equal

FUNCTIONS = {"bill": "plain"}


async def test_sum(submission):
    """The bill is the sum of the prices."""
    expect_equal(await submission.bill([3, 4, 5]), 12, "the bill")
