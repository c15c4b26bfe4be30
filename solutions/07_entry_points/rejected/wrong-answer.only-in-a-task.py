import asyncio
import os
from concurrent.futures import ThreadPoolExecutor


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "await main()"


def loop_is_running():
    try:
        return asyncio.current_task() is not None  # <-- here
    except RuntimeError:
        return False


def run_from_sync(make):
    if not loop_is_running():
        return asyncio.run(make())
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(make())).result()


if __name__ == "__main__":
    print(asyncio.run(main()))
