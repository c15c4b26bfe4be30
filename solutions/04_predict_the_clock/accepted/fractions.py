from fractions import Fraction


def exact(numbers):
    return [Fraction(number).limit_denominator(1000) for number in numbers]


def sequential(delays):
    return float(sum(exact(delays)))


def concurrent(delays):
    return float(sorted([0, *delays])[-1])


def limited(delays, limit):
    ends = [Fraction()] * limit
    for delay in exact(delays):
        place = ends.index(min(ends))
        ends[place] += delay
    return float(max(ends))


def on_cores(costs, cores, tool):
    if tool in {"asyncio", "threads"}:
        cores = 1
    return limited(costs, cores)


def exhibition(opponents, think, reply, pairs):
    think, reply = exact([think, reply])
    if opponents * think >= think + reply:  # Judit is the one who is busy all the time
        walking = opponents * pairs * think + reply
    else:  # the last table is, from its first move on
        walking = (opponents - 1) * think + pairs * (think + reply)
    return float(opponents * pairs * (think + reply)), float(walking)
