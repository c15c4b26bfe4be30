"""A short conversation with a candidate, outside of any check: load a file, call functions. It decides nothing."""

from __future__ import annotations

import contextlib
import queue
from pathlib import Path
from typing import Any, Final

from grader import wire
from grader.evidence import Died
from grader.judge.candidates import Candidates
from grader.judge.process import ChildProcess
from grader.values import decode, encode

PATIENCE: Final = 10.0  # seconds


class EndedError(Exception):
    """The candidate ended, or did not answer; `died` says how."""

    def __init__(self, died: Died) -> None:
        super().__init__(f"{died.how}: {died.detail}")
        self.died = died


class RaisedError(Exception):
    """The function raised; the message is the exception's type and message."""


class Talk:
    """A candidate on the virtual clock that has loaded the file at *path*. `EndedError`, `RaisedError`."""

    def __init__(self, candidates: Candidates, path: Path) -> None:
        self._candidates = candidates
        child = candidates.take(path, virtual=True)
        assert isinstance(child, ChildProcess)  # not in this process
        self.child = child
        self._receive()
        load = {"type": "load", "path": child.path_inside(path), "name": path.stem, "inside": None}
        self._say({**load, "limit": PATIENCE, "processes": None, "network": False})

    def call(self, function: str, *args: Any) -> Any:
        """Return what the plain *function* of the file returns."""
        call = {"type": "call", "id": 1, "function": function, "inside": False, "mode": "plain", "pool": 0}
        said = self._say({**call, "args": [encode(arg) for arg in args], "kwargs": {}})
        return decode(said["value"])

    def end(self) -> None:
        """End the candidate, and remove what belongs to its submission."""
        self._candidates.discard(self.child)
        self._candidates.release()

    def _say(self, message: wire.Message) -> wire.Message:
        self.child.send({"type": "turn", "now": 0, "lease": 0, "messages": [message]})
        said = self._receive()
        if said["type"] in {"failed", "broken"}:
            raise RaisedError(f"{said['error']['types'][0]}: {said['error']['message']}")
        return said

    def _receive(self) -> wire.Message:
        """Return the last message, output left out, before the candidate waits for its next turn."""
        last: wire.Message = {"type": "nothing"}
        with contextlib.suppress(queue.Empty):
            while (frame := self.child.frames.get(timeout=PATIENCE)) is not None:
                if frame["type"] == "parked":
                    return last
                last = frame if frame["type"] != "output" else last
            raise EndedError(self.child.how_it_died(PATIENCE))
        self.child.kill(after=PATIENCE)
        raise EndedError(Died("limit", f"{PATIENCE:g}"))
