import asyncio
import threading
import time


def play_music():
    time.sleep(3600)


async def breakfast(dishes, cook):
    threading.Thread(target=play_music).start()
    return await asyncio.gather(*(cook(dish) for dish in dishes))
