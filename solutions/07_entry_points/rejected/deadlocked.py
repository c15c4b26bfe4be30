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


def run_from_sync(make):
    if not loop_is_running():
        return asyncio.run(make())
    loop = asyncio.get_running_loop()
    return asyncio.run_coroutine_threadsafe(make(), loop).result()  # <-- here


if __name__ == "__main__":
    print(asyncio.run(main()))
