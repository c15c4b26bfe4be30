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


done = []


def job(path, size, out_dir):
    done.append(resize_one(path, size, out_dir))


def resize_all(paths, size, out_dir, *, workers=2):
    with Pool(workers) as pool:
        pool.map(partial(job, size=size, out_dir=out_dir), paths)
    return done  # <-- here
