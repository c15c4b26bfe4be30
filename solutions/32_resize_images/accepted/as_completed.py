from concurrent.futures import ProcessPoolExecutor, as_completed

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    with Image.open(path) as image:
        ImageOps.exif_transpose(image).resize(size).save(target)
    return target


class BadImage(Exception):
    pass


def resize_all(paths, size, out_dir, *, workers=2):
    pool = ProcessPoolExecutor(workers)
    futures = {pool.submit(resize_one, path, size, out_dir): path for path in paths}
    results = {}
    try:
        for future in as_completed(futures):
            try:
                results[futures[future]] = future.result()
            except OSError as error:
                raise BadImage(futures[future].name) from error
    finally:
        pool.shutdown(cancel_futures=True)
    return [results[path] for path in paths]
