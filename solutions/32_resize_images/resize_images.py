"""32 resize_images: the reference solution."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageOps


def resize_one(path: Path, size: tuple[int, int], out_dir: Path) -> Path:
    """Scale one image."""
    target = out_dir / path.name
    with Image.open(path) as image:
        # First upright, then scaled: the other way round, width and height would be exchanged.
        ImageOps.exif_transpose(image).resize(size).save(target)
    return target


def resize_all(paths: Sequence[Path], size: tuple[int, int], out_dir: Path, *, workers: int = 2) -> list[Path]:
    """Scale all images, in threads."""
    # Pillow decodes, scales and encodes in C and lets go of the GIL meanwhile: threads use several cores here, start
    # at once and pickle nothing. With a ProcessPoolExecutor the same lines are right as well.
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(resize_one, path, size, out_dir) for path in paths]
        resized = []
        for path, future in zip(paths, futures, strict=True):
            try:
                resized.append(future.result())
            except Exception as error:
                # A truncated file raises an OSError that does not say which file it was.
                raise OSError(f"{path.name}: {error}") from error
        return resized
