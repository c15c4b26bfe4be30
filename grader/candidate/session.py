"""One candidate's life: load a submission, make the judge's calls, tell what happened. It decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import functools
import gc
import inspect
import linecache
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType, ModuleType
from typing import Any

from grader import wire
from grader.candidate import census, loader
from grader.candidate.channel import STDERR, Channel
from grader.candidate.clock import Clock, JudgeGone, RealClock, VirtualClock
from grader.candidate.forward import Forwarder
from grader.candidate.loop import CandidateLoop
from grader.candidate.recorder import Recorder
from grader.candidate.watch import LoopWatch
from grader.values import decode, encode, opaque

# What closes a loop, to be put back where a program has changed it.
_NEEDED = {
    name: vars(asyncio.BaseEventLoop)[name]
    for name in ("run_until_complete", "run_forever", "shutdown_asyncgens", "shutdown_default_executor", "close")
}


class Session:
    """Serves one judge. `run` returns when the judge is gone."""

    def __init__(self, channel: Channel, *, virtual: bool, alone: bool = True) -> None:
        """Make a session on *channel*, *alone* in its process or beside the judge."""
        self._channel = channel
        self._channel.holding = virtual  # on the real clock the judge looks at each message when it comes
        self._alone = alone
        self._inbox: deque[wire.Message] = deque()
        self._gone = False
        self.clock: Clock = VirtualClock(channel, self._deliver) if virtual else RealClock()
        self.recorder = Recorder(self.clock)
        self.forwarder = Forwarder(self.clock, self.recorder, self.send)
        self.before_send: Callable[[], None] = lambda: None
        self._module: ModuleType | None = None
        self._inside: ModuleType | None = None
        self._watched = False
        self._watch: LoopWatch | None = None
        self._names: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._calls: dict[int, asyncio.Task[None]] = {}
        self._streams: dict[int, Any] = {}
        self._ours: set[asyncio.Task[Any]] = set()
        self._over: asyncio.Future[str] | None = None
        if isinstance(self.clock, VirtualClock):
            self.clock.on_hold = self.recorder.hold
            self.clock.loop_is_running = lambda: asyncio._get_running_loop() is not None

    def send(self, message: wire.Message) -> None:
        """Send one message, after what the learner printed before it."""
        self.before_send()
        self._channel.send(message)

    # -- messages ------------------------------------------------------------------------------------------

    def run(self, folder: str) -> None:
        """Serve the judge, for submissions in *folder*, until it closes the wire."""
        self.recorder.look_into(folder)
        # Where processes that the learner's code starts find its module and `inside.py`, by their names.
        self._names = os.path.join(os.getcwd(), "modules") if self._alone else None
        if isinstance(self.clock, RealClock):
            threading.Thread(target=self._read, name="wire", daemon=True).start()
        self.send({"type": "ready", "python": sys.version.split()[0]})
        with contextlib.suppress(JudgeGone):
            while True:
                self.clock.wait(lambda: bool(self._inbox) or self._gone)
                if not self._inbox:
                    return
                self._serve(self._inbox.popleft())

    def hang_up(self) -> None:
        """Let `run` return: no judge will say anything more."""
        self._gone = True
        self.clock.notify()

    def rehearse(self, channel: Channel, module: ModuleType, folder: str) -> None:
        """Serve a made-up judge on *channel*, with *module* for the learner's; then be as if new."""
        clock, real = self.clock, self._channel
        assert isinstance(clock, VirtualClock)
        self._channel, self._module = channel, module
        clock.listen(channel)
        try:
            self.run(folder)
        finally:
            self._channel, self._module, self._gone = real, None, False
            clock.listen(real)

    def _read(self) -> None:
        while (turn := self._channel.receive()) is not None:
            for message in turn["messages"]:
                self._deliver(message)
        self._gone = True
        self.clock.notify()
        if self._alone and self._loop is not None:
            os._exit(0)  # the judge died in the middle of a call: nothing here may go on

    def _deliver(self, message: wire.Message) -> None:
        if message["type"] in {"answer", "chunk"}:
            self.forwarder.resolve(message)
        elif message["type"] == "where":
            waiting = census.who_waits(self.recorder, self._loop, self._ours)
            self.send({"type": "where", "waiting": waiting})
        elif self._loop is not None:
            self._loop.call_soon_threadsafe(self._handle, message)
        else:
            self._inbox.append(message)
            self.clock.notify()

    def _serve(self, message: wire.Message) -> None:
        """Act on a message while no loop runs."""
        if message["type"] == "load":
            self._load(message)
        elif message["type"] == "call" and message["mode"] == "plain":
            self._call_plain(message)
        elif message["type"] == "call":
            self._run_loop(message)
        elif message["type"] == "watch":
            self._watched = True
        elif message["type"] == "finish":
            self._tell_evidence()
            self.send({"type": "finished"})
        elif message["type"] == "renew":
            self.send({"type": "renewed"})

    def _load(self, message: wire.Message) -> None:
        self.recorder.begin()
        if self._alone and message["limit"]:
            # Ends a candidate that hangs even in C code, and writes where it was; needs no signal, no thread.
            faulthandler.dump_traceback_later(message["limit"], exit=True, file=STDERR)
        self.forwarder.network, self._watched = message["network"], False
        name, inside = message["name"], message["inside"]
        files = {name: message["path"]}
        if inside is not None:
            files[f"{name}_inside"] = inside
        loader.prepare(message["path"], files, self._names)
        if message["processes"] is not None:
            from grader.candidate import worker  # noqa: PLC0415 - multiprocessing takes its time to import

            worker.prepare(message["processes"], None if inside is None else f"{name}_inside")
        self.recorder.not_theirs = None if inside is None else os.path.realpath(inside)
        ours = False
        try:
            self._module = loader.load(message["path"], name)
            ours = True
            self._inside = None if inside is None else loader.load(inside, f"{name}_inside")
        except BaseException as error:
            if isinstance(error, JudgeGone):
                raise
            self.send({"type": "broken", "error": loader.describe(error, self.recorder), "ours": ours})
        else:
            names = {} if self._inside is None else loader.names_of(self._inside)
            self.send({"type": "loaded", "names": loader.names_of(self._module), "inside": names})

    def _tell_evidence(self) -> None:
        gc.collect()
        census.note_threads(self.recorder)
        if self._alone:
            faulthandler.cancel_dump_traceback_later()
        self.send({"type": "evidence", "evidence": self.recorder.report()})

    # -- calls ---------------------------------------------------------------------------------------------

    def _function(self, message: wire.Message) -> Any:
        if message["inside"]:
            return functools.partial(getattr(self._inside, message["function"]), self._module)
        return getattr(self._module, message["function"])

    def _arguments(self, message: wire.Message) -> tuple[list[Any], dict[str, Any]]:
        bind = self.forwarder.bind
        args = [decode(arg, bind) for arg in message["args"]]
        return args, {name: decode(arg, bind) for name, arg in message["kwargs"].items()}

    def _call_plain(self, message: wire.Message) -> None:
        returned: list[Any] = [None]
        function = self._function(message)
        args, kwargs = self._arguments(message)

        def note_return(frame: FrameType, event: str, _: object) -> None:
            if event == "return" and frame.f_code is getattr(function, "__code__", None):
                # Out of a `with` block Python returns by way of its first line, which says nothing.
                text = linecache.getline(frame.f_code.co_filename, frame.f_lineno).lstrip()
                returned[0] = None if text.startswith("with ") else self.recorder.line_here(frame)

        profile = sys.getprofile()
        try:
            if profile is None:
                sys.setprofile(note_return)
            value = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - told to the judge, SystemExit included
            sys.setprofile(profile)
            self._failed(message, error)
        else:
            sys.setprofile(profile)
            self._done(message, "returned", value, returned[0])
            if inspect.iscoroutine(value):
                value.close()

    def _run_loop(self, first: wire.Message) -> None:
        try:
            with asyncio.Runner(loop_factory=self._new_loop) as runner:
                self._loop = runner.get_loop()
                self._loop.set_exception_handler(self.recorder.loop_trouble)
                try:
                    runner.run(self._attend(first))
                except JudgeGone:
                    raise
                except BaseException as error:  # noqa: BLE001 - a SystemExit out of a task ends the loop
                    self._abandon(error)
                finally:
                    for name, method in _NEEDED.items():
                        setattr(asyncio.BaseEventLoop, name, method)
        except Exception as error:  # noqa: BLE001 - a program that has changed asyncio: its loop does not open, or close
            if self._loop is None:
                self._failed(first, error)
        finally:
            if self._watch is not None:
                self._watch.stop()
                self._watch = None
            ended = self._over.result() if self._over is not None and self._over.done() else None
            self._loop = self._over = None
            self._streams.clear()
            self._calls.clear()
        if ended is not None:
            self.send({"type": ended})

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        if isinstance(self.clock, VirtualClock):
            return CandidateLoop(self.clock, self.recorder)
        return asyncio.new_event_loop()

    async def _attend(self, first: wire.Message) -> None:
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        self._ours = {task for task in [asyncio.current_task()] if task}
        make_task: Any = self.recorder.make_task
        loop.set_task_factory(make_task)
        if first["pool"]:
            pool = functools.partial(ThreadPoolExecutor, first["pool"], thread_name_prefix="asyncio")
            if isinstance(loop, CandidateLoop):
                loop.pool = pool
            else:
                loop.set_default_executor(pool())
        if self._watched:
            self._watch = LoopWatch(loop, self.clock, self.recorder)
        self._handle(first)
        while self._inbox:  # what arrived in the same turn as the first call
            self._handle(self._inbox.popleft())
        while not self._over.done():
            # A program may cancel every task that it finds, and this one is not its own.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([self._over])

    def _handle(self, message: wire.Message) -> None:
        """Act on a message inside the running loop."""
        assert self._loop is not None
        kind = message["type"]
        if kind == "finish":
            self.recorder.tasks_left(self._ours)
            self._tell_evidence()
            self._end_loop("finished")
        elif kind == "watch":
            self._watched = True
            self._watch = self._watch or LoopWatch(self._loop, self.clock, self.recorder)
        elif kind == "renew":
            self._end_loop("renewed")
        elif kind == "cancel" and message["id"] in self._calls:
            self._calls[message["id"]].cancel()
        elif kind == "call":
            task = self._loop.create_task(self._perform(message))
            task.set_name(message["function"])
            self._calls[message["id"]] = task
            self._ours.add(task)

    def _end_loop(self, reply: str) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(reply)

    async def _perform(self, message: wire.Message) -> None:
        try:
            if message["mode"] == "next":
                how, value = await self._next_item(message)
            else:
                args, kwargs = self._arguments(message)
                how, value = await self._result(message, self._function(message)(*args, **kwargs))
        except BaseException as error:
            self._calls.pop(message["id"], None)
            self._failed(message, error)
            if not isinstance(error, Exception | asyncio.CancelledError):
                raise
        else:
            self._calls.pop(message["id"], None)
            self._done(message, how, value, None)

    async def _result(self, message: wire.Message, value: Any) -> tuple[str, Any]:
        if message["mode"] == "plain":
            return "returned", value
        if hasattr(value, "__aiter__") and hasattr(value, "__anext__"):
            self._streams[message["id"]] = value
            return "stream", None
        if inspect.isawaitable(value):
            return "returned", await value
        return "plain", value

    async def _next_item(self, message: wire.Message) -> tuple[str, Any]:
        stream = self._streams[message["stream"]]
        if message["close"]:
            if hasattr(stream, "aclose"):
                await stream.aclose()
            return "end", None
        try:
            return "item", await anext(stream)
        except StopAsyncIteration:
            return "end", None

    def _done(self, message: wire.Message, how: str, value: Any, line: Any) -> None:
        done = {"type": "done", "id": message["id"], "how": how, "value": encode(value), "line": line}
        size = len(wire.pack(done))
        if size > wire.MAX_FRAME:
            done["value"] = opaque(value, f"too large to send: {size:,} bytes")
        self.send(done)

    def _failed(self, message: wire.Message, error: BaseException) -> None:
        self.send({"type": "failed", "id": message["id"], "error": loader.describe(error, self.recorder)})

    def _abandon(self, error: BaseException) -> None:
        for number in list(self._calls):
            self._failed({"id": number}, error)
