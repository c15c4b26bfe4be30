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
    with Pool(workers) as pool:
        return pool.map(lambda path: resize_one(path, size, out_dir), paths)  # <-- here
