import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import anyio


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
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="nested") as executor:
        return executor.submit(anyio.run, make).result()


if __name__ == "__main__":
    print(anyio.run(main))
