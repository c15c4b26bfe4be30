"""Runs `onedelay watch`: keys, saves and verdicts come in, the screen goes out, and what is to be done is done.

What happens next is decided in `seat`, what it looks like in `screen`; here are the loop, the threads and the terminal.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from prompt_toolkit.application import Application as Screen
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from grader.exercise import Exercise
from grader.learning.course import about
from grader.learning.watch import errands, seat
from grader.learning.watch.events import (
    CheckAll,
    Compare,
    Effect,
    Event,
    Judge,
    Key,
    Note,
    Open,
    PutBack,
    Quit,
    Stop,
    Tick,
    Told,
    Warm,
)
from grader.learning.watch.judging import Judges
from grader.learning.watch.saves import Saves
from grader.learning.watch.screen import draw
from grader.learning.watch.state import Place, State
from grader.learning.workspace import Workspace
from grader.reports.console import signs_for

_TICK: Final = 0.25  # seconds
_NAMES: Final = {
    Keys.Up: "up",
    Keys.Down: "down",
    Keys.Left: "left",
    Keys.Right: "right",
    Keys.PageUp: "pageup",
    Keys.PageDown: "pagedown",
    Keys.Home: "home",
    Keys.End: "end",
    Keys.Enter: "enter",
    Keys.ControlJ: "enter",
    Keys.Escape: "escape",
    Keys.Backspace: "backspace",
    Keys.ControlC: "c-c",
    Keys.ControlD: "c-d",
    Keys.SIGINT: "c-c",
}
_STYLE: Final = Style.from_dict(
    {
        "head": "reverse bold",
        "good": "ansigreen bold",
        "bad": "ansired bold",
        "quiet": "dim",
        "strong": "bold",
        "chosen": "reverse",
        "keys": "reverse",
    }
)


class Application:
    """One sitting: from the first screen to the last key."""

    def __init__(self, workspace: Workspace, exercises: Sequence[Exercise], first: Exercise) -> None:
        self._workspace = workspace
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self._signs = signs_for(sys.stdout)
        root = workspace.root
        course = tuple(Place(e.name, about(e), e.stub.relative_to(root).as_posix()) for e in exercises)
        self._state = State(course, workspace.progress.read(), now=time.monotonic())
        self._first = [exercise.name for exercise in exercises].index(first.name)
        self._saves: Saves | None = None
        self._judges = Judges(root, self._from_elsewhere)
        self._notes = ThreadPoolExecutor(1, "notes")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._code = 0
        self._screen: Screen[None] = Screen(
            Layout(
                Window(FormattedTextControl(self._text, focusable=True, show_cursor=False), always_hide_cursor=True)
            ),
            style=_STYLE,
            key_bindings=self._bindings(),
            full_screen=True,
            color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
        )
        self._screen.ttimeoutlen = 0.05  # a lone Esc is meant as one
        self._screen.timeoutlen = 0.05

    def run(self) -> int:
        """Sit until the learner leaves; return the exit code. Nothing is left running afterwards."""
        try:
            asyncio.run(self._sit())
        except (OSError, EOFError):  # the terminal is gone
            self._code = self._code or 128 + 1
            _silence()
        finally:
            self._end()
        if self._code == 0:
            done, of = self._state.done, len(self._state.course)
            sys.stdout.write(
                f"{done} of {of} done." + ("" if done == of else " `onedelay watch` goes on from here.") + "\n"
            )
        return self._code

    async def _sit(self) -> None:
        self._loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError):  # Windows
                    self._loop.add_signal_handler(number, self._leave, 128 + number)
        self._take(seat.opened(self._state, self._first))
        ticking = asyncio.create_task(self._tick())
        try:
            await self._screen.run_async()
        finally:
            ticking.cancel()

    def _end(self) -> None:
        if self._saves is not None:
            self._saves.close()
        self._loop = None
        self._judges.close()
        self._notes.shutdown()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self._feed(Tick(time.monotonic()), quietly=not self._state.judging)

    # -- the screen ----------------------------------------------------------------------------------------

    def _text(self) -> StyleAndTextTuples:
        size = self._screen.output.get_size()
        frame = draw(self._state, size.columns, size.rows, self._signs)
        self._state = replace(self._state, scroll=frame.scroll, anchor="")
        pieces: StyleAndTextTuples = []
        for place, row in enumerate(frame.rows):
            full = row.style in {"head", "keys", "chosen"}
            text = row.text.ljust(size.columns) if full else row.text
            pieces.append(
                (f"class:{row.style}" if row.style else "", text + ("\n" if place < len(frame.rows) - 1 else ""))
            )
        return pieces

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add(Keys.Any)
        def typed(event: KeyPressEvent) -> None:
            key = event.key_sequence[0].key
            if not isinstance(key, Keys):  # one of those has a name, and no meaning here
                self._feed(Key(key))

        @bindings.add(Keys.BracketedPaste)
        def pasted(_: KeyPressEvent) -> None:
            """Nothing here is to be pasted."""

        for key, name in _NAMES.items():
            bindings.add(key)(self._named(name))
        return bindings

    def _named(self, name: str) -> Callable[[KeyPressEvent], None]:
        return lambda _: self._feed(Key(name))

    def _leave(self, code: int) -> None:
        self._code = code
        self._judges.stop()
        if self._screen.is_running:
            with contextlib.suppress(Exception):  # it is leaving already
                self._screen.exit()

    # -- what happens --------------------------------------------------------------------------------------

    def _from_elsewhere(self, event: Event) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has just been closed
                loop.call_soon_threadsafe(self._feed, event)

    def _feed(self, event: Event, *, quietly: bool = False) -> None:
        self._take(seat.step(replace(self._state, now=time.monotonic()), event))
        if not quietly:
            self._screen.invalidate()

    def _take(self, step: seat.Step) -> None:
        self._state, effects = step
        for effect in effects:
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Judge(name, files, clock):
                self._judges.judge(self._exercises[name], files, clock)
            case Stop():
                self._judges.stop()
            case Warm(name):
                self._judges.keep({self._exercises[self._state.place.name], self._exercises[name]})
                self._aside(lambda: self._warmed(self._exercises[name]))
            case CheckAll():
                self._judges.check_all(self._exercises.values(), errands.contents)
            case Quit():
                self._leave(0)
            case Open(name):
                self._open(self._exercises[name])
            case Note(name, what, number):
                self._aside(lambda: errands.note(self._workspace, name, what, number))
            case PutBack(name):
                self._aside(lambda: errands.reset(self._workspace, self._exercises[name]))
            case Compare(name, way):
                self._aside(lambda: [errands.compare(self._exercises[name], way)])

    def _warmed(self, exercise: Exercise) -> list[Event]:
        self._judges.warm(exercise)
        return []

    def _open(self, exercise: Exercise) -> None:
        before = self._saves
        if before is not None:
            before.close()
        self._saves = Saves(exercise, self._from_elsewhere, polls=before is not None and before.polls)
        self._aside(lambda: [errands.hints_for(exercise)])

    def _aside(self, work: Callable[[], Iterable[Event]]) -> None:
        """Do in a thread what waits for a disk, one thing after another; what comes of it are events."""

        def told() -> None:
            try:
                for event in work():
                    self._from_elsewhere(event)
            except Exception as fault:  # noqa: BLE001 - whatever it is, the learner goes on
                self._from_elsewhere(Told(f"that failed, and it is not your fault: {fault!r}"))

        self._notes.submit(told)


def _silence() -> None:
    # What is left to be flushed goes nowhere.
    null = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(null, sys.stdout.fileno())
    os.close(null)
