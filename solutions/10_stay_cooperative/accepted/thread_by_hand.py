import asyncio
import threading


async def checksum(blocks, digest):
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def work():
        try:
            total = sum(digest(block) for block in blocks)
        except Exception as error:
            loop.call_soon_threadsafe(done.set_exception, error)
        else:
            loop.call_soon_threadsafe(done.set_result, total)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        return await done
    finally:
        thread.join()
