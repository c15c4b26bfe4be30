import heapq
import itertools
import math


def sequential(delays):
    return math.fsum(delays)


def concurrent(delays):
    return max(delays) if delays else 0


def limited(delays, limit):
    ends = []
    for place, delay in enumerate(delays):
        start = heapq.heappop(ends) if place >= limit else 0
        heapq.heappush(ends, start + delay)
    return max(ends, default=0)


def on_cores(costs, cores, tool):
    return sequential(costs) if tool != "processes" else limited(costs, cores)


def exhibition(opponents, think, reply, pairs):
    number = itertools.count()
    agenda = [(0.0, next(number), table, 0) for table in range(opponents)]
    judit = last = 0.0
    while agenda:
        ready, _, table, played = heapq.heappop(agenda)
        judit = max(judit, ready) + think
        last = max(last, judit + reply)
        if played + 1 < pairs:
            heapq.heappush(agenda, (judit + reply, next(number), table, played + 1))
    return math.fsum([think + reply] * opponents * pairs), last
