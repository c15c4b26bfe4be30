import asyncio
import os
import queue
import threading


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "await asyncio.create_task(main())"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_from_sync(make):
    if not loop_is_running():
        return asyncio.run(make())
    outcomes = queue.SimpleQueue()

    async def settle():
        try:
            outcomes.put((await make(), None))
        except Exception as error:
            outcomes.put((None, error))

    thread = threading.Thread(target=asyncio.run, args=(settle(),))
    thread.start()
    value, error = outcomes.get()
    thread.join()
    if error is not None:
        raise error
    return value


async def show():
    print(await main())


if __name__ == "__main__":
    asyncio.run(show())
