import asyncio


async def run_ab(log, unit):
    loop = asyncio.get_running_loop()
    over = loop.create_future()

    def done_a():
        log("A: done")
        over.set_result(None)

    log("A: starting")
    loop.call_later(2 * unit, done_a)
    log("B: starting")
    loop.call_later(unit, log, "B: done")
    await over


TEXT = """
p1: A: starting / B: starting / B: done / A: done
p2: a1 / a2 / a3 / main / b
p3: b / a1 / a2 / a3 / main
p4: main / b / main again
p5: main / b / after the group
p6: in the lock / after the queue / b
p7: egg is done / pasta is done / pasta / egg
"""


def predictions():
    rows = (row.partition(": ") for row in TEXT.strip().splitlines())
    return {name: said.split(" / ") for name, _, said in rows}
