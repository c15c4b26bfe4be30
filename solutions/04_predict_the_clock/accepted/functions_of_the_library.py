from functools import partial, reduce
from typing import NamedTuple

sequential = sum
concurrent = partial(max, default=0)


def _seat(ends, delay):
    first, *others = sorted(ends)
    return [first + delay, *others]


def limited(delays, limit):
    return max(reduce(_seat, delays, [0] * limit))


on_cores = lambda costs, cores, tool: limited(costs, cores if tool == "processes" else 1)  # noqa: E731


class Exhibition(NamedTuple):
    one_by_one: float
    simultaneous: float


def exhibition(opponents, think, reply, pairs):
    last_move = opponents * think + (pairs - 1) * (think + reply + max(0, (opponents - 1) * think - reply))
    return Exhibition(opponents * pairs * (think + reply), last_move + reply)
