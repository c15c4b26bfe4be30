import asyncio


async def checksum(blocks, digest):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    rest = iter(blocks)

    def step(total):
        try:
            loop.call_soon(step, total + digest(next(rest)))
        except StopIteration:
            done.set_result(total)
        except Exception as error:
            done.set_exception(error)

    step(0)
    return await done
