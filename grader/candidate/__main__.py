"""The candidate's process: takes the wire off the standard streams, then serves. It imports no test and no judge.

Called by the judge as ``python -s -P -m grader.candidate virtual|real FOLDER MODULE…``; each MODULE is imported at
once, so that its time is not counted as the learner's. With nothing for FOLDER, and the number of a socket at the end,
it becomes a zygote: processes are forked from it that go on as if they had been started so. With ``guarded`` for FOLDER
it is one in a sandbox.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import gc
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from grader.candidate.channel import STDERR, PipeChannel


def main() -> None:
    """Serve the judge over the standard streams until they close."""
    clock, folder, *preload = sys.argv[1:]
    zygote = None
    if folder in {"", GUARDED}:
        zygote, folder = _zygote(int(preload.pop()), guarded=folder == GUARDED), ""
    sys.dont_write_bytecode = True
    gc.disable()  # nothing that is imported now will be garbage
    channel = PipeChannel()
    if folder:
        channel.connect(*_take_standard_streams())
    faulthandler.enable(file=STDERR)
    leave, os._exit = os._exit, _exit_with_a_trace  # type: ignore[assignment]

    from grader.candidate import session as sessions  # noqa: PLC0415
    from grader.candidate.install import install  # noqa: PLC0415
    from grader.candidate.output import WireOutput  # noqa: PLC0415

    session = sessions.Session(channel, virtual=clock == "virtual")
    output = WireOutput(lambda text: session._channel.send({"type": "output", "text": text}))
    session.before_send = output.send_pending
    sys.stdout = sys.stderr = io.TextIOWrapper(output, "utf-8", "backslashreplace", write_through=True)
    install(session)
    _import_all(preload)
    if zygote is not None:
        if clock == "virtual":
            from grader.candidate.rehearsal import rehearse  # noqa: PLC0415 - before a fork only

            rehearse(session)
        order = zygote.await_order()
        if order is None:
            leave(0)
        channel.connect(*_take_standard_streams())
        os.chdir(order["cwd"])
        folder = order["folder"]
        if "confine" in order:
            from grader.candidate.walls.confine import confine  # noqa: PLC0415 - on systems that can

            confine(order["confine"])
        _import_all(order["preload"])
    _PROCESS.append(os.getpid())
    gc.freeze()
    gc.enable()
    session.run(folder)
    sys.stdout = sys.stderr = sys.__stderr__
    if "coverage" in sys.modules:
        atexit._run_exitfuncs()  # a measured run writes its data
    # Otherwise nothing here is worth an orderly end, which a thread of the learner's could hold up.
    leave(0)


GUARDED: Final = "guarded"
_PROCESS: list[int] = []  # the candidate's own, once it is one


def _import_all(names: Sequence[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)


def _zygote(control: int, *, guarded: bool) -> Any:
    from grader.candidate.zygote import start  # noqa: PLC0415 - it needs what not every system has

    return start(control, guarded=guarded)


def _exit_with_a_trace(code: int, *, _leave: Callable[[int], NoReturn] = os._exit) -> NoReturn:
    # A program that ends itself leaves a trace of where; a forked worker ends like this every time.
    if os.getpid() in _PROCESS:
        faulthandler.dump_traceback(STDERR, all_threads=False)
    _leave(code)


def _take_standard_streams() -> tuple[int, int]:
    # The wire gets descriptors that no `print` and no `input` reaches; 1 and 2 go where the judge collects output.
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return read_fd, write_fd


if __name__ == "__main__":
    main()
