from collections import deque


def sequential(delays):
    now = 0.0
    for delay in delays:
        now += delay
    return now


def concurrent(delays):
    last = 0.0
    for delay in delays:
        if delay > last:
            last = delay
    return last


def limited(delays, limit):
    line, running, now = deque(delays), [], 0.0
    while line or running:
        while line and len(running) < limit:
            running.append(now + line.popleft())
        now = min(running)
        running.remove(now)
    return now


def on_cores(costs, cores, tool):
    match tool:
        case "asyncio" | "threads":
            return sequential(costs)
        case "processes":
            return limited(costs, cores)
    raise ValueError(tool)


def exhibition(opponents, think, reply, pairs):
    now, ready = 0.0, [0.0] * opponents
    for _ in range(pairs):
        for table in range(opponents):
            now = max(now, ready[table]) + think
            ready[table] = now + reply
    return sum([think, reply] * opponents * pairs), max(ready)
