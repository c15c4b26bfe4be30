import asyncio
import typing as t


async def count(emit: t.Callable[[str], None], pause: float = 1.0) -> None:
    for place, word in enumerate(("One", "Two")):
        await asyncio.sleep(place * pause)
        emit(word)


async def main(emit: t.Callable[[str], None], pause: float = 1.0) -> None:
    _ = await asyncio.gather(*[count(emit=emit, pause=pause) for _ in "abc"], return_exceptions=False)
