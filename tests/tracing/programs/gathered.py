import asyncio


async def fetch(url, seconds):
    await asyncio.sleep(seconds)
    return len(url)


async def main():
    sizes = await asyncio.gather(*(fetch(f"https://example.org/{n}", 1 + n / 4) for n in range(5)))
    print(sum(sizes))


asyncio.run(main())
