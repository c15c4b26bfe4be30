import asyncio
import concurrent.futures
import os
import threading


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL = "await asyncio.gather(main())"


def loop_is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_from_sync(make):
    future = concurrent.futures.Future()

    def work():
        loop = asyncio.new_event_loop()
        try:
            asyncio.set_event_loop(loop)
            future.set_result(loop.run_until_complete(make()))
        except BaseException as error:
            future.set_exception(error)
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    threading.Thread(target=work, daemon=True).start()
    return future.result()


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    try:
        print(loop.run_until_complete(main()))
    finally:
        loop.close()
