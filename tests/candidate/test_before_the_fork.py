"""What a warm process does before a submission is served by its fork, and how the fork talks: seen from inside of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from grader import wire
from grader.candidate import channel as channel_module
from grader.candidate.channel import PipeChannel

REHEARSAL = """
import json, sys, threading, time
from grader.candidate import loader
from grader.candidate.channel import PipeChannel
from grader.candidate.install import install
from grader.candidate.rehearsal import rehearse
from grader.candidate.session import Session

channel = PipeChannel()
session = Session(channel, virtual=True)
install(session)
if "httpx" in sys.argv:
    import httpx
path, modules, descriptors = list(sys.path), set(sys.modules), len(__import__("os").listdir("/dev/fd"))
sent = []
real_send = Session.send
Session.send = lambda self, message: (sent.append(message["type"]), real_send(self, message))[1]
rehearse(session)
json.dump({
    "sent": sorted(set(sent)),
    "threads": threading.active_count(),
    "path": sys.path == path,
    "descriptors": len(__import__("os").listdir("/dev/fd")) - descriptors,
    "channel": session._channel is channel and session.clock._channel is channel,
    "module": session._module is None,
    "gone": session._gone,
    "now": session.clock.now(),
    "out": channel.sent,
}, sys.stdout)
"""


@pytest.mark.parametrize("module", ["httpx", "none"])
def test_a_rehearsal_leaves_nothing_behind(module: str) -> None:
    """After a rehearsal, which has run a whole program, the session is on its own channel again and knows nothing."""
    command = [sys.executable, "-c", REHEARSAL, module]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)

    found = json.loads(done.stdout)
    assert {"done", "ready", "renewed"} <= set(found.pop("sent")) - {"failed"}
    assert found == {
        "threads": 1,
        "path": True,
        "descriptors": 0,
        "channel": True,
        "module": True,
        "gone": False,
        "now": 0,
        "out": 0,
    }


@pytest.fixture
def ends() -> Iterator[tuple[PipeChannel, int]]:
    """A channel, and where the judge would read."""
    out, into = os.pipe()
    back, unused = os.pipe()
    channel = PipeChannel()
    channel.connect(back, into)
    os.set_blocking(out, False)
    yield channel, out
    for descriptor in (out, into, back, unused):
        os.close(descriptor)


def _arrived(out: int) -> list[str]:
    try:
        data = os.read(out, 1 << 20)
    except BlockingIOError:
        return []
    return [wire.unpack(body)["type"] for body in wire.Splitter().feed(data)]


def test_questions_wait_for_the_end_of_the_turn(ends: tuple[PipeChannel, int]) -> None:
    """On the virtual clock the requests of a turn leave together, since the judge looks at none of them before."""
    channel, out = ends
    channel.holding = True

    channel.send({"type": "http", "id": 1})
    channel.send({"type": "ask", "id": 2})
    assert _arrived(out) == []
    channel.send({"type": "parked", "at": 0, "until": None})

    assert _arrived(out) == ["http", "ask", "parked"]
    assert channel.sent == 3


def test_output_does_not_wait(ends: tuple[PipeChannel, int]) -> None:
    """What is printed leaves at once, and in its place: a program may die the next moment."""
    channel, out = ends
    channel.holding = True

    channel.send({"type": "http", "id": 1})
    channel.send({"type": "output", "text": "x"})

    assert _arrived(out) == ["http", "output"]


def test_many_questions_do_not_wait(ends: tuple[PipeChannel, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of a turn are held up to a size, not in any number."""
    channel, out = ends
    channel.holding = True
    monkeypatch.setattr(channel_module, "_MOST_HELD", 10_000)

    for number in range(20):
        channel.send({"type": "http", "id": number, "content": "x" * 1_000})
        arrived = _arrived(out)
        if arrived:
            break

    assert 8 <= len(arrived) <= 10


def test_nothing_waits_on_the_real_clock(ends: tuple[PipeChannel, int]) -> None:
    """On the real clock each message leaves when it is sent."""
    channel, out = ends

    channel.send({"type": "http", "id": 1})

    assert _arrived(out) == ["http"]
