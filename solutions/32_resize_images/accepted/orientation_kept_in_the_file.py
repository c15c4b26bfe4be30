from concurrent.futures import ProcessPoolExecutor
from functools import partial

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    image = Image.open(path)
    try:
        exif = image.getexif()
        if exif.get(0x0112, 1) >= 5:
            size = size[::-1]
        image.resize(size, Image.Resampling.LANCZOS).save(out_dir / path.name, exif=exif)
    except Exception as error:
        raise ValueError(str(path)) from error
    finally:
        image.close()
    return out_dir / path.name


def resize_all(paths, size, out_dir, *, workers=2):
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(partial(resize_one, size=size, out_dir=out_dir), paths, chunksize=2))
