"""Programs that attack the judge from within their process: each ends with a verdict of its own, and in its time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from grader.evidence import Died, Left
from grader.exercise import imports_of, lines_of
from grader.values import Opaque

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Programs

CHANNEL = """
        import faulthandler
        import gc
        import os

        gc.unfreeze()
        channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
        faulthandler.cancel_dump_traceback_later()
"""


def test_nothing_answers_while_the_file_is_loaded(programs: Programs) -> None:
    """What could be asked for before the clock runs need not be asked for in time."""

    async def scenario(submission: Submission, check: Check) -> Any:
        check.world.router.get("https://a.test/").mock(return_value=httpx.Response(200, text="early"))
        return [await submission.main(), len(check.world.requests)]

    outcome = programs(
        """
        import asyncio

        import httpx

        async def ask():
            async with httpx.AsyncClient() as client:
                return (await client.get("https://a.test/")).text

        try:
            known = asyncio.run(ask())
        except httpx.ConnectError as error:
            known = str(error)

        async def main():
            return [known, await ask()]
        """,
        scenario=scenario,
    )

    assert outcome.value == [["nothing answers before a function of yours is called", "early"], 1]


def test_a_thread_by_any_name(programs: Programs) -> None:
    """A thread that goes on is found whatever it is called."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.main()
        await submission.leaves_nothing_behind()

    outcome = programs.fails(
        """
        import threading
        import time

        async def main():
            for name in ("wire", "watch", "MainThread"):
                threading.Thread(target=time.sleep, args=[100], name=name, daemon=True).start()
        """,
        scenario=scenario,
    )

    assert isinstance(outcome.failure, Left)
    assert len(outcome.evidence.threads_left) == 3


def test_a_thread_that_cannot_start(programs: Programs) -> None:
    """It takes no part in time, so nobody waits for its turn."""
    outcome = programs(
        """
        import _thread
        import asyncio

        async def main():
            _thread.stack_size(1 << 46)
            try:
                _thread.start_new_thread(print, ())
            except RuntimeError:
                await asyncio.sleep(1)
                return "not started"
            finally:
                _thread.stack_size(0)
        """,
        limit=5.0,
    )

    assert outcome.value == "not started"
    assert outcome.elapsed == 1.0


def test_a_number_that_cannot_be_printed(programs: Programs) -> None:
    """It arrives as something that is equal to nothing."""
    outcome = programs("async def main():\n    return [10**4000, -(10**50_000)]\n")

    number, opaque = outcome.value
    assert number == 10**4000
    assert isinstance(opaque, Opaque)
    assert (opaque.type, str(opaque)) == ("int", "a number of 166,097 bits")


def test_a_value_of_no_kind(programs: Programs) -> None:
    """What no candidate of ours encodes is the program's doing."""
    outcome = programs.fails(
        """
        import sys

        async def main():
            sys.modules["grader.candidate.session"].encode = lambda value, *rest: {"verdict": "PASS"}
        """
    )

    assert outcome.failure == Died("wire", "a value of unknown kind 'verdict'")
    assert outcome.diagnosis.code == "broke-the-channel"


def test_closing_the_wire_and_living_on(programs: Programs) -> None:
    """A process that looks ended and is not is ended."""
    outcome = programs.fails(
        f"""
        {CHANNEL.strip()}

        async def main():
            os.close(channel._write_fd)
            while True:
                pass
        """,
        limit=0.5,
    )

    assert outcome.diagnosis.code == "never-ends"
    assert outcome.verdict.hung


def test_ending_turns_without_reading(programs: Programs) -> None:
    """A program that only writes does not stop the judge, once there is no room for its answers."""
    outcome = programs.fails(
        f"""
        {CHANNEL.strip()}
        body = b'{{"type":"parked","at":0,"until":0}}'
        frames = (len(body).to_bytes(4, "big") + body) * 1000

        async def main():
            while True:
                os.write(channel._write_fd, frames)
        """,
        limit=0.5,
    )

    assert outcome.diagnosis.code in {"never-ends", "broke-the-channel"}


def test_hanging_when_all_is_over(programs: Programs) -> None:
    """A program that does not let the check be ended does not pass it, and is not waited for as long again."""
    verdict = programs.judge(
        """
        import faulthandler

        class Ends:
            def __init__(self):
                self.me = self

            def __del__(self):
                faulthandler.cancel_dump_traceback_later()
                while True:
                    pass

        async def main():
            Ends()
            return 1
        """,
        limit=0.5,
    ).verdict

    assert verdict.outcome == "FAIL"
    assert verdict.hung


def test_a_file_that_is_a_burden(tmp_path: Path) -> None:
    """Long lines are cut before anything is searched in them, and a large file is not parsed."""
    file = tmp_path / "large.py"
    file.write_text("import httpx\n" + "x" * 10_000 + "\n", "utf-8")
    assert [len(line) for line in lines_of(file)] == [12, 500]
    assert imports_of(file) == ("httpx",)

    file.write_text("import httpx\n" + "x = 1\n" * 100_000, "utf-8")
    assert imports_of(file) == ()
