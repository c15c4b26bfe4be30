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
    judit, ready = 0.0, [0.0] * opponents
    for _ in range(pairs):
        for table in range(opponents):
            judit = max(judit, ready[table]) + think
            ready[table] = judit + reply
    return opponents * pairs * (think + reply), judit  # <-- here
