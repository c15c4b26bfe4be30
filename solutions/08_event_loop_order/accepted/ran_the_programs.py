import asyncio
import inspect
import re


async def run_ab(log, unit):
    async def step(name, seconds):
        log(f"{name}: starting")
        await asyncio.sleep(seconds)
        log(f"{name}: done")

    await asyncio.wait({asyncio.create_task(step("A", 2 * unit)), asyncio.create_task(step("B", unit))})


heard = []
say = heard.append


async def p1():
    await run_ab(say, 1)


async def a(number):
    say(f"a{number}")


async def b():
    say("b")


async def p2():
    task = asyncio.create_task(b())
    await a(1)
    await a(2)
    await a(3)
    say("main")
    await task


async def p3():
    task = asyncio.create_task(b())
    await asyncio.create_task(a(1))
    await asyncio.create_task(a(2))
    await asyncio.create_task(a(3))
    say("main")
    await task


async def p4():
    task = asyncio.create_task(b())
    say("main")
    await asyncio.sleep(0)
    say("main again")
    await task


async def p5():
    async with asyncio.TaskGroup() as group:
        group.create_task(b())
        say("main")
    say("after the group")


async def p6():
    lock, queue = asyncio.Lock(), asyncio.Queue()
    queue.put_nowait("a thing")
    task = asyncio.create_task(b())
    async with lock:
        say("in the lock")
    await queue.get()
    say("after the queue")
    await task


async def p7():
    async def boil(name, seconds):
        await asyncio.sleep(seconds)
        say(f"{name} is done")
        return name

    for name in await asyncio.gather(boil("pasta", 2), boil("egg", 1)):
        say(name)


def predictions():
    # I predicted them on paper first; this is how I looked whether I was right.
    answers = {}
    for name, program in list(globals().items()):
        if re.fullmatch(r"p\d", name) and inspect.iscoroutinefunction(program):
            heard.clear()
            asyncio.run(program())
            answers[name] = list(heard)
    return answers
