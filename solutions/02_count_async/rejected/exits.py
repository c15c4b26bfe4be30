import os


async def count(emit, pause=1.0):
    os._exit(0)


async def main(emit, pause=1.0):
    os._exit(0)  # <-- here
