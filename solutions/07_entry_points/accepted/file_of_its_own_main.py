import asyncio
import threading
import time


async def main() -> str:
    return "done"


NOTEBOOK_CELL = "task = asyncio.create_task(main())\nawait task"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_from_sync(make):
    outcome = []

    async def run():
        try:
            outcome.append((await make(), None))
        except Exception as error:
            outcome.append((None, error))

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    while thread.is_alive():
        time.sleep(0.01)
    value, error = outcome[0]
    if error:
        raise error
    return value


async def show():
    print(await main())


if __name__ == "__main__":
    asyncio.run(show())
