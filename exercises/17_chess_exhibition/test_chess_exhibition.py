"""What the grader checks in 17 chess_exhibition."""

import asyncio
import contextlib
from types import SimpleNamespace

import pytest

from grader.expect import fail

FUNCTIONS = {"one_by_one": "async", "simultaneous": "async"}
MOVE, REPLY = 5, 55  # seconds
BOARDS, PAIRS = 24, 30


class Table:
    """One board. `moves` and `replies` count what was played."""

    def __init__(self, room, number):
        self.room, self.number = room, number
        self.moves = self.replies = self.busy = 0

    async def judit_moves(self):
        if self.room.moving:
            self.room.break_rule(
                "two-judits",
                "two Judits at once",
                f"Judit was asked to move at table {self.number} while she was moving at table {self.room.moving}.",
                "there is one Judit: let nobody else have her until her move is made.",
            )
        self._expect_turn(self.moves == self.replies, "Judit's")
        for other in self.room.tables if self.room.in_turn else []:
            if other is not self and other.moves > 0 and not other.is_over:
                self.room.break_rule(
                    "not-one-by-one",
                    "not one game after another",
                    f"table {self.number} began a move while the game at table {other.number} was not over.",
                    "in one_by_one, play each game to its end before the next.",
                )
        self.room.moving, self.busy = self.number, 1
        try:
            await asyncio.sleep(MOVE * self.room.second)
        finally:
            self.room.moving, self.busy = 0, 0
        self.moves += 1

    async def opponent_replies(self):
        self._expect_turn(self.moves == self.replies + 1, "the opponent's")
        self.busy = 1
        self.room.thinking += 1
        self.room.most_thinking = max(self.room.most_thinking, self.room.thinking)
        try:
            await asyncio.sleep(REPLY * self.room.second)
        finally:
            self.busy = 0
            self.room.thinking -= 1
        self.replies += 1

    @property
    def is_over(self):
        return self.replies == self.room.pairs

    def _expect_turn(self, turn, whose):
        if self.busy or not turn:
            self.room.break_rule(
                "out-of-turn",
                "moved out of turn",
                f"at table {self.number} it was not {whose} turn, after {self.moves} moves and {self.replies} replies.",
                "at each table, await the move, then the reply, then the next move.",
            )


class Room:
    """The tables, and the one Judit. second: how long a second of the game takes on the check's clock."""

    def __init__(self, submission, boards, pairs, second=1.0, *, in_turn=False):
        self.submission, self.pairs, self.second, self.in_turn = submission, pairs, second, in_turn
        self.moving, self.broken = 0, None
        self.thinking = self.most_thinking = 0
        self.began = asyncio.get_running_loop().time()
        self.tables = [Table(self, number) for number in range(1, boards + 1)]
        self.handed = [
            SimpleNamespace(judit_moves=table.judit_moves, opponent_replies=table.opponent_replies)
            for table in self.tables
        ]

    def break_rule(self, code, title, seen, hint):
        if self.broken is None:
            self.broken = {"code": code, "title": title, "seen": seen, "hint": hint}
            self.broken["line"] = self.submission.calls[-1].line
        raise RuntimeError(seen)

    @contextlib.asynccontextmanager
    async def watched(self):
        try:
            yield
        except Exception:
            # What broke a rule of the game explains everything that came of it.
            if self.broken is not None:
                fail(**self.broken)
            raise
        await self.expect_all_played()

    def expect_no_waiting_in_rounds(self, at_most):
        took = (asyncio.get_running_loop().time() - self.began) / self.second
        if took > at_most and self.most_thinking > 1:
            replies = [call for call in self.submission.calls if call.name == "opponent_replies"]
            fail(
                "waited-for-everybody",
                "Judit waited for the whole round",
                f"the exhibition took {took:g} s; {at_most - 5:g} s were possible. Judit stood idle while tables "
                "that had replied waited for her.",
                line=replies[-1].line,
                mark="here the next round waits for the slowest of these",
                hint="a table that has replied is ready for its next move; it need not wait for the other tables.",
            )

    async def expect_all_played(self):
        thinking = [table for table in self.tables if table.busy]
        if thinking and self.broken is None:
            seen = f"when it returned, {len(thinking)} games were not over: table {thinking[0].number} was still busy."
            fail("left-before-the-end", "left before the last reply", seen, hint="await the last replies too.")
        for table in self.tables:
            if (table.moves, table.replies) != (self.pairs, self.pairs):
                if self.broken is not None:
                    fail(**self.broken)
                await self.submission.leaves_nothing_behind()  # a game that nobody awaited explains what is missing
                seen = f"table {table.number} saw {table.moves} moves and {table.replies} replies"
                hint = "each game is `pairs` times a move and its reply."
                fail(
                    "wrong-number-of-moves",
                    "not all moves were made",
                    f"{seen}; expected {self.pairs} of each.",
                    hint=hint,
                )


async def play(submission, room, how, seconds, serial):
    """Play, and expect the exhibition to take so many *seconds* of the game."""
    async with room.watched():
        unit = MOVE * room.second
        with submission.takes(seconds / MOVE, at_most=(seconds + 5) / MOVE, serial=serial / MOVE, delay=unit):
            await how(room.handed, room.pairs)
            await room.expect_all_played()
            room.expect_no_waiting_in_rounds(seconds + 5)


def fastest(boards, pairs):
    """Return the seconds until the last reply: Judit is never idle, or waits for the first table."""
    return (pairs - 1) * max(boards * MOVE, MOVE + REPLY) + boards * MOVE + REPLY


@pytest.mark.check(picture=False)
async def test_one_by_one(submission):
    """One game after another takes as long as all of them together."""
    boards, pairs = 6, 5
    room = Room(submission, boards, pairs, in_turn=True)
    seconds = boards * pairs * (MOVE + REPLY)
    await play(submission, room, submission.one_by_one, seconds, seconds)


async def test_rules(submission):
    """One Judit, and at each table move and reply in turn."""
    room = Room(submission, 3, 2)
    async with room.watched():
        await submission.simultaneous(room.handed, room.pairs)


@pytest.mark.check(points=3, picture=False)
async def test_exhibition(submission):
    """Twenty-four boards and thirty pairs of moves take one hour, not twelve."""
    room = Room(submission, BOARDS, PAIRS)
    await play(submission, room, submission.simultaneous, fastest(BOARDS, PAIRS), BOARDS * PAIRS * (MOVE + REPLY))


async def test_few_tables(submission):
    """With few tables Judit has to wait for the replies."""
    room = Room(submission, 2, 4)
    await play(submission, room, submission.simultaneous, fastest(2, 4), 2 * 4 * (MOVE + REPLY))


async def test_again(submission):
    """A second asyncio.run() works as the first, and nothing is left running."""
    for _ in range(2):
        room = Room(submission, 5, 2)
        async with room.watched():
            await submission.simultaneous(room.handed, room.pairs)
        await submission.new_loop()
    room = Room(submission, 5, 2)
    async with room.watched():
        await submission.simultaneous(room.handed, room.pairs)
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission):
    """And so on the real clock."""
    boards, pairs = BOARDS, 3
    room = Room(submission, boards, pairs, submission.delay / 200)
    seconds, serial = fastest(boards, pairs), boards * pairs * (MOVE + REPLY)
    async with room.watched():
        # Each of Judit's 72 moves may come a little late, so the bound is nearer to one after another than elsewhere.
        with submission.takes(seconds / 200, at_most=0.6 * serial / 200, serial=serial / 200):
            await submission.simultaneous(room.handed, room.pairs)
