import asyncio
import os


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "await main()"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_again(loop, coroutine):
    """What nest_asyncio does, in short: let the loop that runs take more turns."""
    task = loop.create_task(coroutine)
    outer = asyncio.current_task()
    asyncio.tasks._leave_task(loop, outer)
    while not task.done():
        loop._run_once()
    asyncio.tasks._enter_task(loop, outer)
    return task.result()


def run_from_sync(make):
    if not loop_is_running():
        return asyncio.run(make())
    asyncio.BaseEventLoop.run_until_complete = run_again  # <-- here
    return asyncio.get_running_loop().run_until_complete(make())


if __name__ == "__main__":
    print(asyncio.run(main()))
