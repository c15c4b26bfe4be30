def sequential(delays):
    return sum(delays)


def concurrent(delays):
    return max(delays, default=0.0)


def limited(delays, limit):
    ends = [0.0] * limit
    for delay in delays:
        ends[ends.index(min(ends))] += delay
    return max(ends)


def on_cores(costs, cores, tool):
    return limited(costs, cores) if tool == "processes" else sum(costs)


def exhibition(opponents, think, reply, pairs):
    a_round = max(opponents * think, think + reply)
    last = (pairs - 1) * a_round + opponents * think + reply
    return [opponents * pairs * (think + reply), last]  # <-- here
