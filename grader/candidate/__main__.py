"""The candidate's process: takes the wire off the standard streams, then serves. It imports no test and no judge.

Called by the judge as ``python -I -m grader.candidate virtual|real FOLDER MODULE…``; each MODULE is imported at once,
so that its time is not counted as the learner's. With nothing for FOLDER, and the number of a socket at the end, it
becomes a zygote: processes are forked from it that go on as if they had been started so.
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
from typing import Any, NoReturn

from grader.candidate.channel import STDERR, PipeChannel


def main() -> None:
    """Serve the judge over the standard streams until they close."""
    clock, folder, *preload = sys.argv[1:]
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
    _import_all(preload if folder else preload[:-1])
    if not folder:
        order = _await_order(int(preload[-1]))
        if order is None:
            leave(0)
        channel.connect(*_take_standard_streams())
        os.chdir(order["cwd"])
        folder = order["folder"]
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


_PROCESS: list[int] = []  # the candidate's own, once it is one


def _import_all(names: Sequence[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _await_order(control: int) -> dict[str, Any] | None:
    import socket  # noqa: PLC0415 - in a zygote only

    from grader.candidate.zygote import await_order  # noqa: PLC0415

    return await_order(socket.socket(fileno=control))


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
