from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = f"{out_dir}/{path.name}"
    with Image.open(path) as image:
        ImageOps.exif_transpose(image).resize(size).save(target)
    return target  # <-- here


def resize_all(paths, size, out_dir, *, workers=2):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda path: resize_one(path, size, out_dir), paths))
