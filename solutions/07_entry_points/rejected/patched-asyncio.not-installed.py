import asyncio
import os

import nest_asyncio  # <-- here


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
    nest_asyncio.apply()
    return asyncio.run(make())


if __name__ == "__main__":
    print(asyncio.run(main()))
