from concurrent.futures import ThreadPoolExecutor, as_completed

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
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(resize_one, path, size, out_dir) for path in reversed(paths)]
        return [future.result() for future in as_completed(futures)]  # <-- here
