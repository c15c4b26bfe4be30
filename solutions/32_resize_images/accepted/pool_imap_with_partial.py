from functools import partial
from multiprocessing import Pool

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
    pool = Pool(processes=workers)
    try:
        return list(pool.imap(partial(resize_one, size=size, out_dir=out_dir), paths))
    finally:
        pool.terminate()
        pool.join()
