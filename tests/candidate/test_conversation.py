"""The judge calls, cancels and iterates what the learner wrote, and answers what it asks."""

from __future__ import annotations

import asyncio
import textwrap
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from grader.evidence import Raised, Swallowed, WrongKind

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Programs

STREAM = {"main": "stream"}


def test_async_generator(programs: Programs) -> None:
    """A stream is iterated in the judge, item by item, at the learner's pace."""

    async def scenario(submission: Submission, _: Check) -> Any:
        seen, loop = [], asyncio.get_running_loop()
        async for item in submission.main(3):
            seen.append([loop.time(), item])
            await asyncio.sleep(1)
        return seen

    outcome = programs(
        """
        import asyncio

        async def main(count):
            for number in range(count):
                await asyncio.sleep(0.5)
                yield number
        """,
        scenario=scenario,
        functions=STREAM,
    )

    assert outcome.value == [[0.5, 0], [2.0, 1], [3.5, 2]]


def test_a_stream_left_early_is_closed(programs: Programs) -> None:
    """Closing a stream runs the generator's clean-up in the candidate before the check goes on."""

    async def scenario(submission: Submission, _: Check) -> Any:
        closed: list[int] = []
        stream = submission.main(closed.append)
        async for item in stream:
            if item == 2:
                await stream.aclose()
        return closed

    outcome = programs(
        """
        async def main(note):
            number = 0
            try:
                while True:
                    number += 1
                    yield number
            finally:
                note(number)
        """,
        scenario=scenario,
        functions=STREAM,
    )

    assert outcome.value == [2]


def test_a_stream_that_raises(programs: Programs) -> None:
    """An exception in a stream is the learner's, at its line."""

    async def scenario(submission: Submission, _: Check) -> Any:
        return [item async for item in submission.main()]

    outcome = programs.fails(
        """
        async def main():
            yield 1
            raise KeyError("here")
        """,
        scenario=scenario,
        functions=STREAM,
    )

    assert isinstance(outcome.failure, Raised)
    assert outcome.failure.error.name == "KeyError"
    assert outcome.text(outcome.failure.error.line) == 'raise KeyError("here")'


def test_a_list_is_no_stream(programs: Programs) -> None:
    """A coroutine that returns a list where a stream is due is the wrong kind."""

    async def scenario(submission: Submission, _: Check) -> Any:
        return [item async for item in submission.main()]

    outcome = programs.fails("async def main(): return [1]", scenario=scenario, functions=STREAM)

    assert isinstance(outcome.failure, WrongKind)
    assert outcome.diagnosis.code == "not-a-coroutine"


CALLER = """
import asyncio

async def main(function):
    try:
        answer = function({arguments})
        if asyncio.iscoroutine(answer):
            answer = await answer
    except Exception as error:
        return [type(error).__name__, str(error)]
    return answer
"""


def test_callables(programs: Programs) -> None:
    """Plain and async callables of the judge are called with their arguments, and may return callables."""

    async def scenario(submission: Submission, _: Check) -> Any:
        def plain(a: int, *, b: int) -> list[int]:
            return [a, b]

        async def waiting(a: int, *, b: int) -> list[int]:
            await asyncio.sleep(1)
            return [a, b]

        class Callable:
            async def __call__(self, a: int, *, b: int) -> list[int]:
                return [a, b]

        return [await submission.main(function) for function in (plain, waiting, Callable())]

    outcome = programs(CALLER.replace("{arguments}", "1, b=2"), scenario=scenario)

    assert outcome.value == [[1, 2]] * 3
    assert outcome.elapsed == 1


@pytest.mark.parametrize("waiting", [False, True])
def test_a_raising_callable(programs: Programs, waiting: bool) -> None:  # noqa: FBT001
    """What a callable of the judge raises is raised in the learner's code, with its message."""

    def plain() -> None:
        raise ValueError("no such thing")

    async def asynchronous() -> None:
        raise ValueError("no such thing")

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(asynchronous if waiting else plain)

    outcome = programs(CALLER.replace("{arguments}", ""), scenario=scenario)

    assert outcome.value == ["ValueError", "no such thing"]


def test_a_callable_called_wrongly(programs: Programs) -> None:
    """A call with arguments that do not fit raises TypeError in the learner's code."""

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(lambda number: number)

    outcome = programs(CALLER.replace("{arguments}", "1, 2"), scenario=scenario)

    assert outcome.value[0] == "TypeError"


def test_a_blocking_callable_in_a_thread(programs: Programs) -> None:
    """Plain callables that take time overlap when each is called in a thread of its own, and hold no loop."""

    async def slow(number: int) -> int:
        await asyncio.sleep(1)
        return number

    def plain(number: int) -> Any:
        return slow(number)

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(plain)

    outcome = programs(
        """
        import asyncio

        async def main(function):
            return await asyncio.gather(*(asyncio.to_thread(function, number) for number in range(10)))
        """,
        scenario=scenario,
        pool=10,
    )

    assert outcome.value == list(range(10))
    assert outcome.elapsed == 1
    assert outcome.holds == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return [await asyncio.to_thread(function, number) for number in range(4)]  # <-- here", "ran-sequentially"),
        (
            """
            async def one(number):
                async with limit:  # <-- here
                    return await asyncio.to_thread(function, number)

            limit = asyncio.Semaphore(2)
            return await asyncio.gather(*map(one, range(4)))
            """,
            "ran-in-batches",
        ),
    ],
)
def test_threads_that_wait_for_one_another(programs: Programs, body: str, code: str) -> None:
    """Blocking calls in threads have no line of the learner's; what keeps them apart has one."""

    async def slow(number: int) -> int:
        await asyncio.sleep(1)
        return number

    async def scenario(submission: Submission, _: Check) -> Any:
        with submission.takes(1, at_most=1, serial=4):
            await submission.main(lambda number: slow(number))  # noqa: PLW0108 - a plain function that takes time

    program = "import asyncio\n\nasync def main(function):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    outcome = programs.fails(program, scenario=scenario)

    assert outcome.diagnosis.code == code
    assert outcome.diagnosis.line is not None
    assert "<-- here" in outcome.source[outcome.diagnosis.line.number - 1]


def test_a_blocking_callable_in_a_coroutine(programs: Programs) -> None:
    """A plain callable that takes time holds the loop, at its line."""

    async def slow() -> None:
        await asyncio.sleep(1)

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(lambda: slow())  # noqa: PLW0108 - a plain function that takes time

    outcome = programs(
        """
        async def main(function):
            function()
            function()
        """,
        scenario=scenario,
    )

    assert outcome.holds == [(0.0, 2.0, "function()")]


def test_a_time_out_withdraws_the_question(programs: Programs) -> None:
    """A timeout in the learner's code cancels what the judge does for it, in the same tick."""
    events: list[Any] = []

    async def slow() -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            events.append(loop.time())
            raise

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(slow)

    outcome = programs(
        """
        import asyncio

        async def main(slow):
            try:
                async with asyncio.timeout(0.5):
                    await slow()
            except TimeoutError:
                await asyncio.sleep(1)
                return "in time"
        """,
        scenario=scenario,
    )

    assert outcome.value == "in time"
    assert events == [0.5]
    assert outcome.elapsed == 1.5
    (call,) = outcome.evidence.timeline.operations
    assert (call.start, call.end) == (0, 500_000_000)


def test_a_time_out_withdraws_the_request(programs: Programs) -> None:
    """httpx's own timeout raises ReadTimeout after its time, and cancels the side effect."""
    cancelled = []

    async def answer(_: httpx.Request) -> httpx.Response:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return httpx.Response(200)

    async def scenario(submission: Submission, check: Check) -> Any:
        check.world.router.get("https://slow.test/").mock(side_effect=answer)
        return await submission.main()

    outcome = programs(
        """
        import httpx

        async def main():
            async with httpx.AsyncClient(timeout=2) as client:
                try:
                    await client.get("https://slow.test/")
                except httpx.ReadTimeout as error:
                    return str(error.request.url)
        """,
        scenario=scenario,
    )

    assert outcome.value == "https://slow.test/"
    assert outcome.elapsed == 2
    assert cancelled == [True]


CANCELLED = """
import asyncio

async def main(note):
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        {reaction}
    finally:
        await asyncio.sleep(0.5)
        note("cleaned up")
"""


async def _cancel_after_one(submission: Submission, _: Check) -> Any:
    notes: list[str] = []
    call = asyncio.ensure_future(submission.main(notes.append))
    await asyncio.sleep(1)
    call.cancel()
    await asyncio.wait([call])
    if not call.cancelled() and (error := call.exception()) is not None:
        raise error
    return [call.cancelled(), asyncio.get_running_loop().time(), notes]


def test_cancellation(programs: Programs) -> None:
    """The judge's cancellation reaches the learner's code, whose clean-up is awaited."""
    outcome = programs(CANCELLED.replace("{reaction}", "raise"), scenario=_cancel_after_one)

    assert outcome.value == [True, 1.5, ["cleaned up"]]


def test_cancellation_swallowed(programs: Programs) -> None:
    """A call that returns though it was cancelled has swallowed the cancellation."""
    outcome = programs.fails(CANCELLED.replace("{reaction}", "pass"), scenario=_cancel_after_one)

    assert outcome.failure == Swallowed("main", "returned")
    assert outcome.diagnosis.code == "swallowed-cancellation"
    assert outcome.text(outcome.diagnosis.line) == "except asyncio.CancelledError:"


def test_cancellation_ignored(programs: Programs) -> None:
    """A call that goes on though it was cancelled is given up after a minute."""
    outcome = programs.fails(
        CANCELLED.replace("{reaction}", "await asyncio.sleep(1000)"), scenario=_cancel_after_one, horizon=5000.0
    )

    assert outcome.failure == Swallowed("main", "kept running")


def test_cancellation_that_raises(programs: Programs) -> None:
    """Another exception out of a cancelled call is the learner's."""
    outcome = programs.fails(CANCELLED.replace("{reaction}", "1 / 0"), scenario=_cancel_after_one)

    assert isinstance(outcome.failure, Raised)
    assert outcome.failure.error.name == "ZeroDivisionError"


def test_a_judges_timeout(programs: Programs) -> None:
    """asyncio.timeout in a check bounds a call, and cancels it."""

    async def scenario(submission: Submission, _: Check) -> Any:
        notes: list[str] = []
        try:
            async with asyncio.timeout(2):
                await submission.main(notes.append)
        except TimeoutError:
            return [asyncio.get_running_loop().time(), notes]
        return None

    outcome = programs(CANCELLED.replace("{reaction}", "raise"), scenario=scenario)

    assert outcome.value == [2.5, ["cleaned up"]]


def test_a_check_that_waits_before_its_first_call(programs: Programs) -> None:
    """Time that passes before a candidate is first spoken to is no fault of its own."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await asyncio.sleep(5)
        return await submission.main()

    source = """
        import asyncio

        async def main():
            await asyncio.sleep(1)
            return asyncio.get_running_loop().time()
    """
    outcome = programs(source, scenario=scenario)

    assert (outcome.value, outcome.elapsed) == (6, 1)


def test_the_function_that_raised_nothing(programs: Programs) -> None:
    """Where an exception is missed, the words name the function that was called, not the first of the exercise."""

    async def scenario(submission: Submission, _: Check) -> Any:
        with submission.raises("ValueError", because="the number is negative"):
            await submission.second(-1)

    source = """
        def first(number): ...

        def second(number): ...
    """
    outcome = programs.fails(source, scenario=scenario, functions={"first": "plain", "second": "plain"})

    assert "second() returned" in outcome.diagnosis.seen
