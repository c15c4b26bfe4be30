from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    try:
        with Image.open(path) as image:
            ImageOps.exif_transpose(image).resize(size).save(target)
    except OSError as error:
        raise OSError(f"{path}: {error}") from error
    return target


def job(path, size, out_dir):
    try:
        return resize_one(path, size, out_dir)
    except OSError:
        return None


def resize_all(paths, size, out_dir, *, workers=2):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda path: job(path, size, out_dir), paths))  # <-- here
