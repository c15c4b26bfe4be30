import asyncio
import functools
import os
import threading


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "result = await main()"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@functools.cache
def background_loop():
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="background", daemon=True).start()
    return loop


def run_from_sync(make):
    return asyncio.run_coroutine_threadsafe(make(), background_loop()).result()


if __name__ == "__main__":
    print(run_from_sync(main))
