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


class BadImage(Exception):
    def __init__(self, path, cause):
        super().__init__(f"{path.name}: {cause}")


def job(path, size, out_dir):
    try:
        return resize_one(path, size, out_dir)
    except OSError as error:
        raise BadImage(path, error) from None


def resize_all(paths, size, out_dir, *, workers=2):
    with ProcessPoolExecutor(workers) as pool:
        futures = [pool.submit(job, path, size, out_dir) for path in paths]
        return [future.result() for future in futures]  # <-- here
