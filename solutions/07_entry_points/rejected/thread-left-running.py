import asyncio
import os
import threading


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
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever).start()  # <-- here
    return asyncio.run_coroutine_threadsafe(make(), loop).result()


if __name__ == "__main__":
    print(asyncio.run(main()))
