from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    try:
        with Image.open(path) as image:
            ImageOps.exif_transpose(image).resize(size).save(target)
    except OSError as error:
        raise OSError(f"{path}: {error}") from error
    return target


def resize_all(paths, size, out_dir, *, workers=2):
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(resize_one, paths, repeat(size), repeat(out_dir)))
