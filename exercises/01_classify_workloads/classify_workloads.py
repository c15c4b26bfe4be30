"""01 classify_workloads: does the job wait or compute, which tool helps, and why?"""

from __future__ import annotations

from typing import Literal, NamedTuple

Bound = Literal["io", "cpu", "mixed"]
Tool = Literal["asyncio", "threads", "processes", "asyncio+processes", "plain"]


class Verdict(NamedTuple):
    """What you decide about a job.

    bound: what takes the time. "io": the program waits for something else. "cpu": it computes. "mixed": both do.
    tool: the cheapest that helps. "plain" (one thing after another) costs least, then "asyncio", then "threads",
        then "processes", and "asyncio+processes" costs most.
    because: one sentence of your own, at least six words: what is busy, or what does the program wait for?
    """

    bound: Bound
    tool: Tool
    because: str


def classify(task: str) -> Verdict:
    """Return the verdict on one of these twelve jobs; raise KeyError for any other name.

    fetch_50_weather
        Ask a weather service for the forecasts of 50 cities; each answer takes a second to come.
        The answers do not depend on each other, and the service is happy to be asked 50 things at once.
        The HTTP client you have is asynchronous: its calls are awaited.
    resize_100_images
        Make small copies of 100 photographs that are in memory already.
        Pillow does it, with code written in C that releases the GIL while it resizes.
        The machine has eight cores.
    query_10_databases
        Put the same question to ten databases on ten servers; each thinks about it for two seconds.
        Their answers are a few rows each.
        Every one of them has a driver that can be awaited and one that blocks; take your pick.
    train_5_models
        Train five small models on data that is in memory already, ten minutes each.
        The training is a pure Python loop over numbers.
        The five have nothing to do with each other, and the machine has eight cores.
    stream_3_llms
        Put one prompt to three language models on the internet, and show their words as they come.
        A word comes every 50 milliseconds from each; showing it takes microseconds.
        Each client hands out its words through `async for`.
    query_old_sync_database
        An asynchronous service, busy with other visitors, must now and then query an old database.
        A query takes two seconds. The only driver there is blocks until the rows are there.
        The driver has no asynchronous calls, but may be used from any thread.
    compute_pi_digits
        A script prints a million digits of pi, and does nothing else.
        It is a pure Python loop over big integers; it takes a minute.
        Each step of the loop needs the result of the step before.
    transform_one_item
        Turn one record, a small dict that is in memory already, into another dict.
        It takes a few microseconds.
        There is one record, and nothing else to do meanwhile.
    fetch_then_resize
        Download 200 photographs, a second each, from a server that answers many requests at once.
        Then make a small copy of each with Pillow, half a second each; its C code releases the GIL.
        The HTTP client can be awaited or block, as you like. The machine has eight cores.
    read_one_small_file
        A script reads its settings from one file of 2 KB on the local disk.
        It does so once, when it starts.
        Nothing else can be done until the settings are known.
    hash_10_large_files
        Compute the SHA-256 of ten files of 2 GB each.
        The disk delivers faster than one core can hash; hashlib releases the GIL while it hashes.
        The files have nothing to do with each other, and the machine has eight cores.
    serve_1000_idle_websockets
        Keep 1000 connections open to clients that each say one short thing a minute.
        Replying takes microseconds.
        The server library is asynchronous.
    """
    # TODO: one Verdict for each job, for example in a dict; a dict raises KeyError by itself.
    raise NotImplementedError
