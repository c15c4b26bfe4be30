import asyncio
import multiprocessing


async def checksum(blocks, digest):
    def in_processes():
        with multiprocessing.Pool(2) as pool:
            return sum(pool.map(digest, blocks))

    return await asyncio.to_thread(in_processes)
