import asyncio


async def fetch(url):
    await asyncio.sleep(1)
    return len(url)


async def main():
    urls = [f"https://example.org/{number}" for number in range(5)]
    sizes = []
    for url in urls:
        sizes.append(await fetch(url))
    print(sum(sizes))


asyncio.run(main())
