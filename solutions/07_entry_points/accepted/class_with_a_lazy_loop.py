import asyncio
import os
import threading
from typing import Any, Callable, Coroutine, Generic, Optional, TypeVar


T = TypeVar("T")


async def main():
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


NOTEBOOK_CELL: str = "from entry_points import main; print(await main())"


def loop_is_running() -> bool:
    """Return True if the current thread has a running event loop."""
    try:
        return asyncio.get_running_loop().is_running()
    except RuntimeError:
        return False


class _Bridge:
    """One daemon thread with one loop, made when it is first needed."""

    _lock = threading.Lock()
    _loop: Optional[asyncio.AbstractEventLoop] = None

    @classmethod
    def loop(cls) -> asyncio.AbstractEventLoop:
        with cls._lock:
            if cls._loop is None:
                ready = threading.Event()

                async def serve() -> None:
                    cls._loop = asyncio.get_running_loop()
                    ready.set()
                    await asyncio.Event().wait()

                threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
                ready.wait()
        assert cls._loop is not None
        return cls._loop


def run_from_sync(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run make() from sync code, whether or not a loop is running in this thread."""
    if loop_is_running():
        return asyncio.run_coroutine_threadsafe(make(), _Bridge.loop()).result()
    return asyncio.run(make())


if __name__ == "__main__":
    print(asyncio.run(main()))
