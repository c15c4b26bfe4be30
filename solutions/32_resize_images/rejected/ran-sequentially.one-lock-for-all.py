import threading
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


lock = threading.Lock()


def one_at_a_time(path, size, out_dir):
    with lock:
        return resize_one(path, size, out_dir)


def resize_all(paths, size, out_dir, *, workers=2):
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(one_at_a_time, path, size, out_dir) for path in paths]
        return [future.result() for future in futures]  # <-- here
