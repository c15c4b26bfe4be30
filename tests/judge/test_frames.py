"""The messages of a candidate, read from its pipe by whoever waits for them."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from typing import IO

import pytest

from grader import wire
from grader.judge.frames import PipedFrames

ONE, TWO = wire.pack({"type": "finished"}), wire.pack({"type": "renewed"})


class Pipe:
    """A pipe with frames at its end."""

    def __init__(self, out: IO[bytes], into: int) -> None:
        self.into = into
        self.refused: list[str] = []
        self.frames = PipedFrames(out, wire.Allowance().accept, self.refused.append)

    def write(self, data: bytes) -> None:
        """Write into the pipe."""
        os.write(self.into, data)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe, closed at the end."""
    out, into = os.pipe()
    with open(out, "rb", buffering=0) as stream, open(into, "wb", buffering=0) as end:
        yield Pipe(stream, end.fileno())


def test_messages_in_their_order(pipe: Pipe) -> None:
    """Messages come one by one, in the order in which they were sent, whole ones only."""
    pipe.write(ONE + TWO + ONE[:5])

    assert pipe.frames.get(1) == {"type": "finished"}
    assert pipe.frames.get(1) == {"type": "renewed"}
    with pytest.raises(queue.Empty):
        pipe.frames.get(0)
    pipe.write(ONE[5:])
    assert pipe.frames.get(1) == {"type": "finished"}


def test_no_message_in_time(pipe: Pipe) -> None:
    """A frame of which only the length comes costs its time, and no more."""
    pipe.write(wire.HEADER.pack(wire.MAX_FRAME))

    with pytest.raises(queue.Empty):
        pipe.frames.get(0.01)
    assert pipe.refused == []


def test_the_end(pipe: Pipe) -> None:
    """After the last message comes the end, again and again."""
    pipe.write(ONE)
    _close(pipe)

    assert pipe.frames.get(1) == {"type": "finished"}
    assert pipe.frames.get(1) is None
    assert pipe.frames.get(0) is None


@pytest.mark.parametrize(
    "data",
    [b"\xff\xff\xff\xff", wire.pack({"type": "verdict"}), wire.HEADER.pack(2) + b"[]", wire.HEADER.pack(1) + b"\xff"],
    ids=["length", "type", "list", "bytes"],
)
def test_what_breaks_the_rules(pipe: Pipe, data: bytes) -> None:
    """What is no message is refused once, and is the end; the messages before it count."""
    pipe.write(ONE + data)

    messages = []
    while (message := pipe.frames.get(1)) is not None:
        messages.append(message)

    assert len(pipe.refused) == 1
    assert messages in ([], [{"type": "finished"}])
    assert pipe.frames.get(0) is None


def _close(pipe: Pipe) -> None:
    # The descriptor stays valid for the fixture, but no longer leads to the pipe.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, pipe.into)
    os.close(null)
