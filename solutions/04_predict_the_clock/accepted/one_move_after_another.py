import bisect
import functools


def sequential(delays):
    return limited(delays, 1)


def concurrent(delays):
    return limited(delays, max(len(delays), 1))


def limited(delays, limit):
    line, ends, now = list(delays), [], 0
    while line:
        while line and len(ends) < limit:
            bisect.insort(ends, now + line.pop(0))
        if line:
            now = ends.pop(0)
    return ends[-1] if ends else 0


def on_cores(costs, cores, tool):
    workers = {"asyncio": 1, "threads": 1, "processes": cores}
    return limited(costs, workers[tool])


def exhibition(opponents, think, reply, pairs):
    @functools.cache
    def moved(table, move):
        """Return when the given move at the given table has been made; both count from 0."""
        if move == table == 0:
            return think
        earlier = moved(table - 1, move) if table else moved(opponents - 1, move - 1)
        replied = moved(table, move - 1) + reply if move else 0
        return max(earlier, replied) + think

    for move in range(pairs):
        moved(opponents - 1, move)
    return opponents * pairs * (think + reply), moved(opponents - 1, pairs - 1) + reply
