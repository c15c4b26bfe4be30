import asyncio
import contextvars
import os
from concurrent.futures import ThreadPoolExecutor


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "import entry_points; await entry_points.main()"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_from_sync(make):
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(context.run, asyncio.run, make()).result()


if __name__ == "__main__":
    print(asyncio.run(main()))
