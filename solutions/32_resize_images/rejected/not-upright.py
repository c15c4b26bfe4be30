from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    with Image.open(path) as image:
        image.resize(size).save(out_dir / path.name)  # <-- here
    return out_dir / path.name


def resize_all(paths, size, out_dir, *, workers=2):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda path: resize_one(path, size, out_dir), paths))
