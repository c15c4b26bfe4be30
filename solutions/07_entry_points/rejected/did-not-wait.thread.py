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
    results = []
    threading.Thread(target=lambda: results.append(asyncio.run(make()))).start()
    return results[0] if results else None  # <-- here


if __name__ == "__main__":
    print(asyncio.run(main()))
