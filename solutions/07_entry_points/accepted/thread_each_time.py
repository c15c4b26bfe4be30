import asyncio
import os
import threading


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "print(await main())"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_from_sync(make):
    ended = {}

    def work():
        try:
            ended["value"] = asyncio.run(make())
        except BaseException as error:
            ended["error"] = error

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if "error" in ended:
        raise ended["error"]
    return ended["value"]


def cli():
    print(asyncio.run(main()))
    return 0


if __name__ == "__main__":
    raise SystemExit(cli())
