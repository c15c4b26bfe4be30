import threading
import time
from concurrent.futures import ThreadPoolExecutor


def stopwatch(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pool(delays, workers):
    with ThreadPoolExecutor(workers) as executor:
        list(executor.map(time.sleep, delays))


def sequential(delays):
    return stopwatch(lambda: [time.sleep(delay) for delay in delays])


def concurrent(delays):
    return stopwatch(lambda: pool(delays, len(delays) or 1))


def limited(delays, limit):
    return stopwatch(lambda: pool(delays, limit))


def on_cores(costs, cores, tool):
    if tool == "processes":
        return limited(costs, cores)
    gil = threading.Lock()

    def compute(cost):
        with gil:
            time.sleep(cost)

    def work():
        with ThreadPoolExecutor(cores) as executor:
            list(executor.map(compute, costs))

    return stopwatch(work)


def exhibition(opponents, think, reply, pairs):
    judit = threading.Lock()

    def game():
        for _ in range(pairs):
            with judit:
                time.sleep(think)
            time.sleep(reply)

    def everybody():
        games = [threading.Thread(target=game) for _ in range(opponents)]
        for thread in games:
            thread.start()
        for thread in games:
            thread.join()

    return sequential([think + reply] * opponents * pairs), stopwatch(everybody)
