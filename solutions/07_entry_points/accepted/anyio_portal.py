import asyncio
import os

from anyio import from_thread


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


def run_from_sync(make):
    with from_thread.start_blocking_portal() as portal:
        return portal.call(make)


if __name__ == "__main__":
    print(asyncio.run(main()))
