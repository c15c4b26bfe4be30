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
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(make())  # <-- here
    finally:
        loop.close()


if __name__ == "__main__":
    print(asyncio.run(main()))
