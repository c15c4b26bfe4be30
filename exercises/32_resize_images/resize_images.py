"""32 resize_images: real images on several cores, by workers that get paths and not pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image


def resize_one(path: Path, size: tuple[int, int], out_dir: Path) -> Path:
    """Scale the whole image at *path* to exactly *size* (width, height in pixels), and save it in *out_dir*.

    The new file has the name of the old one; its path is returned. The image stands upright, whatever orientation its
    EXIF data ask for: *size* is that of the upright image. The file at *path* stays as it is.
    """
    # TODO: Pillow can do all of it; this function needs no pool.
    raise NotImplementedError


def resize_all(paths: Sequence[Path], size: tuple[int, int], out_dir: Path, *, workers: int = 2) -> list[Path]:
    """Do the work of `resize_one` for all of *paths*, several at once; return the new paths in the order of *paths*.

    workers: how many processes or threads may work at the same time, at most. If an image cannot be read, raise an
    exception whose message has its file's name. Nothing is left running when the function ends, however it ends.
    """
    raise NotImplementedError


if __name__ == "__main__":
    import tempfile
    import time

    with tempfile.TemporaryDirectory() as folder:
        big = [Path(folder) / f"{number}.jpg" for number in range(12)]
        for path in big:
            Image.effect_noise((2400, 1600), 60).convert("RGB").save(path)
        (small := Path(folder) / "small").mkdir()
        for workers in (1, 2, 4):
            started = time.perf_counter()
            resize_all(big, (300, 200), small, workers=workers)
            print(f"{workers} workers: {time.perf_counter() - started:.2f} s")  # noqa: T201
