import asyncio
import subprocess
import sys


async def breakfast(dishes, cook):
    subprocess.run([sys.executable, "-c", "import time; time.sleep(1)"])
    return await asyncio.gather(*(cook(dish) for dish in dishes))
