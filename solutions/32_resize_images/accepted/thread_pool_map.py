from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    with Image.open(path) as image:
        ImageOps.exif_transpose(image).resize(size).save(target)
    return target


def resize_all(paths, size, out_dir, *, workers=2):
    def job(path):
        try:
            return resize_one(path, size, out_dir)
        except Exception as error:
            error.add_note(f"in {path}")
            raise

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(job, paths))
