"""The traced process: a script runs in it as `python FILE` would run it, and its trace is there however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.tracing.findings import findings
from grader.tracing.launch import Request
from grader.tracing.outcome import Result, run

MAIN = """
import asyncio, os, signal, subprocess, sys, threading, time
async def work(n=0):
    await asyncio.sleep(0.1)
    return n
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def traced(text: str, *arguments: str, virtual: bool = False, limit: float | None = 30) -> Result:
    Path("program.py").write_text(MAIN + text, "utf-8")
    return run(Request("program.py", arguments, virtual, limit))


def codes(result: Result) -> list[str]:
    return [found.code for found in findings(result.trace)]


clocks = pytest.mark.parametrize("virtual", [False, True], ids=["real", "virtual"])


# -- like python FILE --------------------------------------------------------------------------------------

SELF = """
import json
from beside import VALUE
print(json.dumps([sys.argv, __name__, __file__, sys.path[0], VALUE, sys.modules["__main__"].VALUE, sys.stdin.read()]))
print("to stderr", file=sys.stderr)
"""


@clocks
def test_a_script_sees_what_it_sees_under_python(folder: Path, virtual: bool) -> None:
    (folder / "beside.py").write_text("VALUE = 7\n")
    (folder / "program.py").write_text(MAIN + SELF)
    clock = "virtual" if virtual else "real"
    ours = [sys.executable, "-P", "-m", "grader.tracing.child", str(folder), clock, "program.py", "a", "--b"]
    seen = [
        subprocess.run(command, input="typed", capture_output=True, text=True, check=True)
        for command in ([sys.executable, "program.py", "a", "--b"], ours)
    ]
    assert (seen[0].stdout, seen[0].stderr) == (seen[1].stdout, seen[1].stderr)
    assert "typed" in seen[1].stdout


FAILS = """
async def bad():
    await work()
    raise ValueError("no")
asyncio.run(bad())
"""


@pytest.mark.parametrize("name", ["deep/er/program.py", "no suffix", "../beside.py"])
def test_lines_are_known_wherever_the_script_is_and_whatever_it_is_called(folder: Path, name: str) -> None:
    path = folder / "here" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (folder / "here").mkdir(exist_ok=True)
    os.chdir(folder / "here")
    path.write_text(MAIN + "asyncio.run(work())")
    [task] = run(Request(name, (), virtual=True)).trace.tasks
    assert task.waits[0].line is not None
    assert task.waits[0].line == (name.removeprefix("../"), 4)


def test_a_traceback_is_pythons_own(folder: Path) -> None:
    (folder / "program.py").write_text(MAIN + FAILS)
    seen = [
        subprocess.run(command, capture_output=True, text=True, check=False)
        for command in (
            [sys.executable, "program.py"],
            [sys.executable, "-P", "-m", "grader.tracing.child", str(folder), "real", "program.py"],
        )
    ]
    assert seen[0].stderr == seen[1].stderr
    assert seen[0].returncode == seen[1].returncode == 1


@clocks
@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("asyncio.run(work())", 0, "done"),
        ("asyncio.run(work()); sys.exit(3)", 3, "exit"),
        ("async def main():\n    await work()\n    sys.exit('no')\nasyncio.run(main())", 1, "exit"),
        (FAILS, 1, "raised"),
        ("async def main():\n    await work()\n    os._exit(7)\nasyncio.run(main())", 7, "exited"),
        ("asyncio.run(work(:", 1, "unreadable"),
        ("asyncio.run(work())\nraise KeyboardInterrupt", 130, "interrupted"),
        ("asyncio.run(work())\nos.kill(os.getpid(), signal.SIGKILL)", 137, "died"),
        ("print('no loop')", 0, "done"),
    ],
)
def test_the_exit_code_is_the_scripts_own(folder: Path, text: str, code: int, how: str, virtual: bool) -> None:
    result = traced(text, virtual=virtual)
    assert (result.code, result.trace.ending.how) == (code, how)


def test_what_is_wrong_has_its_line(folder: Path) -> None:
    ending = traced(FAILS).trace.ending
    assert (ending.error, ending.message) == ("ValueError", "no")
    assert ending.line is not None
    assert ending.line.file == "program.py"
    unreadable = traced("x = (").trace.ending
    assert (unreadable.error, unreadable.line and unreadable.line.number) == ("SyntaxError", 6)


def test_exits_in_the_middle_leave_what_there_was(folder: Path) -> None:
    result = traced("async def main():\n    await work()\n    os._exit(7)\nasyncio.run(main())")
    [task] = result.trace.tasks
    assert (task.name, len(task.waits)) == ("main", 1)
    assert codes(result) == ["exits"]


# -- how loops are started ---------------------------------------------------------------------------------

STARTS = """
print(asyncio.run(work(1)))
with asyncio.Runner() as runner:
    print(runner.run(work(2)), runner.run(work(3)))
loop = asyncio.new_event_loop()
print(loop.run_until_complete(work(4)))
loop.call_later(0.2, loop.stop)
task = loop.create_task(work(5))
loop.run_forever()
loop.close()
thread = threading.Thread(target=lambda: print(asyncio.run(work(6))))
thread.start()
thread.join()
with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
    print(runner.run(work(7)))
class Own(asyncio.SelectorEventLoop):
    pass
with asyncio.Runner(loop_factory=Own) as runner:
    print(runner.run(work(8)))
"""


@clocks
def test_every_usual_way_to_run_a_loop_is_traced(folder: Path, virtual: bool) -> None:
    trace = traced(STARTS, virtual=virtual).trace
    assert [(task.name, task.outcome, len(task.waits)) for task in trace.tasks] == [("work", "done", 1)] * 8
    assert len(trace.runs) == 6
    assert [task.main for task in trace.tasks] == [True] * 4 + [False] + [True] * 3
    assert trace.notes == ()


FOREIGN = """
import selectors
class Foreign(asyncio.base_events.BaseEventLoop):
    _selector = None
    def __init__(self):
        super().__init__()
        self._queue = []
    def _process_events(self, events):
        pass
    def _write_to_self(self):
        pass
class Nothing:
    def select(self, timeout):
        time.sleep(timeout or 0)
        return []
loop = Foreign()
loop._selector = Nothing()
print(loop.run_until_complete(work(1)))
"""


def test_a_loop_that_is_not_asyncios_runs_untraced_and_it_says_so(folder: Path) -> None:
    trace = traced(FOREIGN).trace
    assert trace.tasks == ()
    assert trace.notes == (
        "The program brought an event loop of its own (__main__.Foreign): what ran in it is not shown.",
    )


# -- the real clock ----------------------------------------------------------------------------------------

NETWORK = """
async def serve(reader, writer):
    writer.write(await reader.readline())
    await asyncio.sleep(0.1)
    await writer.drain()
    writer.close()

async def ask(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello\\n")
    answer = await reader.read()
    writer.close()
    return answer

async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        print(await asyncio.gather(ask(port), ask(port)))
asyncio.run(main())
"""


def test_sockets_work_on_the_real_clock_and_are_waits_for_the_network(folder: Path) -> None:
    result = traced(NETWORK)
    assert result.code == 0
    asked = [task for task in result.trace.tasks if task.name == "ask"]
    assert len(asked) == 2
    assert {pause.kind for task in asked for pause in task.waits} == {"network"}
    assert {task.name for task in result.trace.tasks} == {"main", "ask", "serve"}


OUTSIDE = """
async def main():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=subprocess.PIPE)
    print(await process.communicate())
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(None, time.sleep, 0.1) for _ in range(3)), asyncio.to_thread(time.sleep, 0.1))
if __name__ == "__main__":
    asyncio.run(main())
"""


def test_processes_and_threads_work_and_each_job_is_in_flight(folder: Path) -> None:
    result = traced(OUTSIDE)
    assert result.code == 0
    assert result.trace.in_flight() == 4
    assert sorted(task.name for task in result.trace.tasks) == ["main", "sleep", "sleep", "sleep", "to_thread"]


HOLDS = """
async def tick():
    while True:
        await asyncio.sleep(0.01)
async def main():
    ticker = asyncio.create_task(tick())
    await work()
    time.sleep(0.4)
    await work()
    end = time.thread_time() + 0.4
    while time.thread_time() < end:
        pass
    await work()
    ticker.cancel()
asyncio.run(main())
"""


def test_holds_are_measured_with_their_lines_and_what_they_are(folder: Path) -> None:
    trace = traced(HOLDS).trace
    main = next(task for task in trace.tasks if task.name == "main")
    seen = {(trace.text(hold.line), hold.why) for hold in main.holds if hold.length > 200_000_000}
    assert ("time.sleep(0.4)", "time.sleep") in seen
    assert any(why == "computing" and line.startswith(("while", "pass")) for line, why in seen)


SERVER = """
async def serve(reader, writer):
    await reader.read()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    await work()
asyncio.run(main())
"""


def test_what_asyncio_starts_for_a_server_is_not_a_task_that_was_left(folder: Path) -> None:
    result = traced(SERVER)
    assert [task.name for task in result.trace.tasks if task.left] == ["serve"]
    assert codes(result) == []


STRANGE = """
class Strange:
    @property
    def cr_frame(self):
        raise ValueError("looked at")
    def __await__(self):
        return self
    def __iter__(self):
        return self
    def __next__(self):
        if not hasattr(self, "future"):
            self.future = asyncio.sleep(0.1).__await__()
        return next(self.future)

async def main():
    await Strange()
asyncio.run(main())
"""


def test_an_awaitable_that_cannot_be_looked_at_is_awaited_all_the_same(folder: Path) -> None:
    result = traced(STRANGE)
    assert result.code == 0
    assert [pause.kind for pause in result.trace.tasks[0].waits] == ["other"]


FREED = """
async def bad():
    raise OSError("no disk")
async def main():
    task = asyncio.create_task(bad())
    await work()
    del task
    print("after", flush=True)
asyncio.run(main())
"""


def test_a_task_lives_no_longer_than_under_python(folder: Path) -> None:
    (folder / "program.py").write_text(MAIN + FREED)
    command = [sys.executable, "-P", "-m", "grader.tracing.child", str(folder), "real", "program.py"]
    seen = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout
    assert seen.startswith("Task exception was never retrieved\n")
    assert seen.endswith("after\n")


# -- the virtual clock -------------------------------------------------------------------------------------

DAY = """
async def main():
    start = time.monotonic()
    await asyncio.gather(asyncio.sleep(3600), asyncio.to_thread(time.sleep, 7200))
    print(time.monotonic() - start)
asyncio.run(main())
"""


def test_pauses_cost_nothing_on_the_virtual_clock(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    trace = traced(DAY, virtual=True).trace
    assert trace.elapsed == 7200 * 10**9
    assert capfd.readouterr().out == "7200.0\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (NETWORK, "a network server"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "a network connection"),
        (OUTSIDE, "a subprocess"),
        ("asyncio.run(work())\nsubprocess.run([sys.executable, '-c', ''])", "a subprocess"),
        ("import multiprocessing as m\nm.get_context('fork').Process(target=print).start()", "a process of its own"),
    ],
)
def test_what_takes_real_time_ends_it_with_one_clear_finding(folder: Path, text: str, what: str) -> None:
    result = traced(text, virtual=True)
    [found] = [found for found in findings(result.trace) if found.code == "not-virtual"]
    assert (result.code, found.hint) == (2, "leave out --virtual.")
    assert what in found.seen
    assert found.line is not None


THREADS = """
def wait(lock):
    lock.acquire()
lock = threading.Lock()
lock.acquire()
thread = threading.Thread(target=wait, args=(lock,))
thread.start()
asyncio.run(work())
"""


def test_threads_that_wait_for_ever_are_a_deadlock_too(folder: Path) -> None:
    result = traced(THREADS, virtual=True)
    assert (result.code, codes(result)) == (1, ["deadlocked"])
    assert ("a thread", 8) in [(waiter.who, waiter.line.number) for waiter in result.trace.ending.waiting]


# -- without an end ----------------------------------------------------------------------------------------

FOREVER = """
async def tick():
    while True:
        await asyncio.sleep(1)
asyncio.run(tick())
"""


def test_a_program_that_goes_on_for_a_day_of_virtual_time_is_stopped(folder: Path) -> None:
    result = traced(FOREVER, virtual=True, limit=60)
    assert (result.code, result.trace.ending.how) == (1, "limit")
    assert result.trace.ending.message == "a day of virtual time"
    assert result.trace.dropped > 0
    assert any(note.startswith("Too much happened to keep it all") for note in result.trace.notes)


@pytest.mark.parametrize(
    ("text", "line"),
    [(FOREVER, 8), ("async def main():\n    while True:\n        pass\nasyncio.run(main())", 7)],
    ids=["waiting", "busy"],
)
def test_the_limit_stops_it_and_says_where_it_was(folder: Path, text: str, line: int) -> None:
    result = traced(text, limit=1.5)
    assert (result.code, result.trace.ending.how, result.trace.ending.message) == (1, "limit", "1.5 s")
    assert abs(result.trace.ending.waiting[0].line.number - line) <= 1
    assert result.trace.tasks[0].outcome == "pending"


def test_what_holds_the_loop_when_it_is_stopped_is_a_hold(folder: Path) -> None:
    trace = traced("async def main():\n    while True:\n        pass\nasyncio.run(main())", limit=1.5).trace
    assert trace.holds()[-1].length > 500_000_000


IN_C = """
async def main():
    await work()
    sum(range(10**10))
asyncio.run(main())
"""


@pytest.mark.slow
def test_a_call_into_c_that_nothing_interrupts_is_stopped_all_the_same_with_its_line(folder: Path) -> None:
    result = traced(IN_C, limit=1.5)
    assert (result.code, result.trace.ending.how) == (1, "limit")
    assert result.trace.text(result.trace.ending.line) == "sum(range(10**10))"


def test_a_crash_of_python_itself_has_its_line(folder: Path) -> None:
    result = traced("import ctypes\nasyncio.run(work())\nctypes.string_at(0)")
    assert (result.code, result.trace.ending.message) == (139, "SIGSEGV")
    assert result.trace.text(result.trace.ending.line) == "ctypes.string_at(0)"


# -- large -------------------------------------------------------------------------------------------------

LARGE = """
async def main():
    await asyncio.gather(*(work(n) for n in range(10_000)))
asyncio.run(main())
"""


@pytest.mark.slow
@clocks
def test_ten_thousand_tasks_are_all_there(folder: Path, virtual: bool) -> None:
    trace = traced(LARGE, virtual=virtual).trace
    assert len(trace.tasks) == 10_001
    # On the real clock the first have ended before the last are made.
    assert trace.in_flight() == 10_000 if virtual else trace.in_flight() > 100
    assert {task.outcome for task in trace.tasks} == {"done"}
    assert (trace.dropped, trace.notes) == (0, ())
