import threading


async def checksum(blocks, digest):
    digests = []
    thread = threading.Thread(target=lambda: digests.extend(map(digest, blocks)))
    thread.start()
    thread.join()  # <-- here
    return sum(digests)
