"""An exercise's own functions run beside the learner's module, and tell what they saw."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Programs


def test_functions_of_each_kind(programs: Programs) -> None:
    """A plain function has no running loop, a coroutine function has one, a generator can be left early."""

    async def scenario(submission: Submission, _: Check) -> Any:
        plain = await submission.inside.plain(2)
        waited = await submission.inside.waited(3)
        seen = []
        async for item in submission.inside.stream(4):
            seen.append(item)
            if len(seen) == 2:
                break
        return plain, waited, seen

    outcome = programs(
        "def double(number): return 2 * number",
        scenario=scenario,
        functions={"double": "plain"},
        inside="""
            import asyncio

            def plain(module, number):
                try:
                    asyncio.get_running_loop()
                except RuntimeError:
                    return module.double(number)

            async def waited(module, number):
                await asyncio.sleep(number)
                return asyncio.get_running_loop().time()

            async def stream(module, number):
                while True:
                    yield module.double(number)
        """,
    )

    assert outcome.value == (4, 3, [8, 8])


def test_the_learners_exception_flies_out(programs: Programs) -> None:
    """An exception of the learner's is theirs, at their line; `inside.py` has no line in it."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.inside.look()

    outcome = programs.fails(
        """
        def divide():
            return 1 / 0
        """,
        scenario=scenario,
        functions={"divide": "plain"},
        inside="def look(module):\n    return module.divide()\n",
    )

    assert outcome.diagnosis.code == "raised"
    assert "divide() raised" in outcome.diagnosis.seen
    assert outcome.text(outcome.diagnosis.line) == "return 1 / 0"


def test_a_missing_function(programs: Programs) -> None:
    """A function that the exercise declares is missed before a function of ours runs."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.inside.look()

    outcome = programs.fails("", scenario=scenario, functions={"divide": "plain"}, inside="def look(module): ...\n")

    assert outcome.diagnosis.code in {"missing-function", "no-file"}


def test_a_generator_in_place_of_a_coroutine(programs: Programs) -> None:
    """A function to be awaited that yields is told apart before a function of ours awaits it."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.inside.look()

    source = "async def main():\n    yield 1\n"
    outcome = programs.fails(source, scenario=scenario, inside="async def look(module): await module.main()\n")

    assert outcome.diagnosis.code == "not-a-coroutine"
    assert outcome.text(outcome.diagnosis.line) == "async def main():"


def test_a_broken_inside_is_ours(programs: Programs) -> None:
    """A fault in `inside.py` is the grader's, not the learner's."""
    with pytest.raises(RuntimeError, match="inside.py: ZeroDivisionError"):
        programs("async def main(): ...", inside="1 / 0")


def test_namespaces(programs: Programs) -> None:
    """A namespace of the judge's functions arrives as an object with methods."""
    moves = []

    async def move() -> int:
        await asyncio.sleep(1)
        moves.append("moved")
        return len(moves)

    async def scenario(submission: Submission, _: Check) -> Any:
        value = await submission.main(SimpleNamespace(move=move, name="Judit"))
        return value, [call.name for call in submission.calls], [outcome for outcome in moves]

    outcome = programs(
        "async def main(table): return [table.name, await table.move(), await table.move()]", scenario=scenario
    )

    assert outcome.value == (["Judit", 1, 2], ["move", "move"], ["moved", "moved"])


def test_blocking_calls_in_a_row_hold_the_loop_together(programs: Programs) -> None:
    """Calls without a turn of the loop between them are one hold; a turn divides them."""
    outcome = programs("""
        import asyncio
        import time

        async def main():
            for _ in range(3):
                time.sleep(1)
            await asyncio.sleep(0)
            time.sleep(1)
    """)

    assert [(start, end) for start, end, _ in outcome.holds] == [(0, 3), (3, 4)]


STREAM = """
    import httpx

    async def main(how):
        async with httpx.AsyncClient() as client:
            async with client.stream("GET", "https://world.test/") as response:
                seen = []
                async for line in response.aiter_lines():
                    seen.append(line)
                    if how == "break":
                        break
        return seen

    def plain():
        with httpx.stream("GET", "https://world.test/") as response:
            return list(response.iter_lines())
"""


@pytest.mark.parametrize(("how", "elapsed", "closed"), [("all", 3, "ended"), ("break", 2, "closed")])
def test_streamed_answers(programs: Programs, how: str, elapsed: float, closed: str) -> None:
    """Each part of an answer arrives when it is sent; leaving early ends the sending."""
    ended: list[str] = []

    async def parts() -> Any:
        try:
            for part in (b"on", b"e\ntwo\n", b"three"):
                await asyncio.sleep(1)
                yield part
        except asyncio.CancelledError:
            ended.append("closed")
            raise
        ended.append("ended")

    async def scenario(submission: Submission, check: Check) -> Any:
        check.world.router.get("https://world.test/").mock(return_value=httpx.Response(200, content=parts()))
        return await submission.main(how)

    outcome = programs(STREAM, scenario=scenario)

    assert outcome.value == (["one", "two", "three"] if how == "all" else ["one"])
    assert (outcome.elapsed, ended) == (elapsed, [closed])


def test_a_stream_read_plainly(programs: Programs) -> None:
    """A synchronous client reads a stream too."""

    async def parts() -> Any:
        for part in (b"one\n", b"two"):
            await asyncio.sleep(1)
            yield part

    async def scenario(submission: Submission, check: Check) -> Any:
        check.world.router.get("https://world.test/").mock(return_value=httpx.Response(200, content=parts()))
        return await submission.plain()

    outcome = programs(STREAM, scenario=scenario, functions={"plain": "plain"})

    assert (outcome.value, outcome.elapsed) == (["one", "two"], 2)


POOLS = """
    import asyncio
    import concurrent.futures
    import multiprocessing.dummy
    import time
    from concurrent.futures import ProcessPoolExecutor

    def work(number):
        time.sleep(1)
        return 2 * number

    async def executor():
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(3) as pool:
            return await asyncio.gather(*(loop.run_in_executor(pool, work, number) for number in range(3)))

    def pool():
        with multiprocessing.Pool(3) as pool:
            return pool.map(work, range(3))

    def threads():
        with multiprocessing.dummy.Pool(3) as pool:
            return pool.map(work, range(3))

    def sleeps():
        with ProcessPoolExecutor(3) as pool:
            return [2 * number for number, _ in enumerate(pool.map(time.sleep, [1, 1, 1]))]

    async def unpicklable():
        with concurrent.futures.ProcessPoolExecutor() as pool:
            return await asyncio.wrap_future(pool.submit(lambda: 1))

    async def of_the_judge(function):
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor() as pool:
            return await loop.run_in_executor(pool, function, 7)
"""


@pytest.mark.parametrize(
    ("name", "kind"), [("executor", "async"), ("pool", "plain"), ("threads", "plain"), ("sleeps", "plain")]
)
def test_process_pools_in_virtual_time(programs: Programs, name: str, kind: str) -> None:
    """A pool of processes runs its jobs side by side, and none of them holds the loop."""

    async def scenario(submission: Submission, _: Check) -> Any:
        return await getattr(submission, name)()

    outcome = programs(POOLS, scenario=scenario, functions={name: kind})

    assert outcome.value == [0, 2, 4]
    assert outcome.elapsed == 1
    assert not outcome.holds


def test_jobs_must_be_picklable(programs: Programs) -> None:
    """What a real worker could not import fails here too; the judge's functions may travel."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.unpicklable()

    outcome = programs.fails(POOLS, scenario=scenario, functions={"unpicklable": "async"})
    assert re.search("pickle|get local object", outcome.diagnosis.seen, re.IGNORECASE)

    def double(number: int) -> int:
        return 2 * number

    async def judged(submission: Submission, _: Check) -> Any:
        return await submission.of_the_judge(double)

    assert programs(POOLS, scenario=judged, functions={"of_the_judge": "async"}).value == 14


def test_an_exercises_own_words(programs: Programs) -> None:
    """A check fails with words of `mistakes.toml`; a variant has words of its own and the same code."""

    async def scenario(submission: Submission, _: Check) -> Any:
        number = await submission.double(4)
        submission.fail("not-doubled.nearly", f"double(4) is {number}.", submission.definition("double"))

    outcome = programs.fails(
        "def double(number): return number + 2",
        scenario=scenario,
        functions={"double": "plain"},
        mistakes="""
            ["not-doubled.nearly"]
            title = "nearly the double"
            mark = "this adds"
            hint = "multiply."
        """,
    )

    found = outcome.diagnosis
    assert (found.code, found.title, found.mark, found.hint) == (
        "not-doubled",
        "nearly the double",
        "this adds",
        "multiply.",
    )
    assert outcome.text(found.line).startswith("def double")
