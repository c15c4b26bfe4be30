import asyncio
import os
from concurrent.futures import ThreadPoolExecutor


THREADS = ThreadPoolExecutor(max_workers=2)


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "await main()"


def loop_is_running():
    return asyncio._get_running_loop() is not None


def in_a_runner(make):
    with asyncio.Runner() as runner:
        return runner.run(make())


def run_from_sync(make):
    if not loop_is_running():
        return in_a_runner(make)
    return THREADS.submit(in_a_runner, make).result()


if __name__ == "__main__":
    with asyncio.Runner() as runner:
        print(runner.run(main()))
