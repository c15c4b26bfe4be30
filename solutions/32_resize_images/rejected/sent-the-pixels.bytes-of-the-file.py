import io
from concurrent.futures import ProcessPoolExecutor

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    try:
        with Image.open(path) as image:
            ImageOps.exif_transpose(image).resize(size).save(target)
    except OSError as error:
        raise OSError(f"{path}: {error}") from error
    return target


def small(data, size, target):
    ImageOps.exif_transpose(Image.open(io.BytesIO(data))).resize(size).save(target)
    return target


def resize_all(paths, size, out_dir, *, workers=2):
    with ProcessPoolExecutor(workers) as pool:
        futures = [pool.submit(small, path.read_bytes(), size, out_dir / path.name) for path in paths]  # <-- here
        return [future.result() for future in futures]
