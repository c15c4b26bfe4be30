import asyncio


async def run_ab(log, unit):
    log("A: starting")
    log("B: starting")
    await asyncio.sleep(unit)
    log("B: done")
    await asyncio.sleep(unit)
    log("A: done")


def p(text):
    return text.split("; ")


p1 = p("A: starting; B: starting; B: done; A: done")
p2 = p("a1; a2; a3; main; b")
p3 = p("b; a1; a2; a3; main")
p4 = p("main; b; main again")
p5 = p("main; b; after the group")
p6 = p("in the lock; after the queue; b")
p7 = p("egg is done; pasta is done; pasta; egg")


def predictions():
    return {"p1": p1, "p2": p2, "p3": p3, "p4": p4, "p5": p5, "p6": p6, "p7": p7}
