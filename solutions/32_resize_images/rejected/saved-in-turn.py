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


def resize_all(paths, size, out_dir, *, workers=2):
    def scaled(path):
        return ImageOps.exif_transpose(Image.open(path)).resize(size)

    with ThreadPoolExecutor(workers) as pool:
        for path, image in zip(paths, pool.map(scaled, paths)):
            image.save(out_dir / path.name)  # <-- here
    return [out_dir / path.name for path in paths]
