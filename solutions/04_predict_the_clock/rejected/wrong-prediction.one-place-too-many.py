import heapq


def sequential(delays):
    return sum(delays)


def concurrent(delays):
    return max(delays, default=0.0)


def limited(delays, limit):
    ends, last = [], 0.0
    for delay in delays:
        start = heapq.heappop(ends) if len(ends) > limit else 0.0
        heapq.heappush(ends, start + delay)
        last = max(last, start + delay)
    return last  # <-- here


def on_cores(costs, cores, tool):
    return limited(costs, cores) if tool == "processes" else sum(costs)


def exhibition(opponents, think, reply, pairs):
    a_round = max(opponents * think, think + reply)
    last = (pairs - 1) * a_round + opponents * think + reply
    return opponents * pairs * (think + reply), last
