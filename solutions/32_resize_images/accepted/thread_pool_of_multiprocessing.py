from multiprocessing.pool import ThreadPool

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    try:
        with path.open("rb") as file:
            image = Image.open(file)
            image.load()
        small = ImageOps.exif_transpose(image).transform(size, Image.Transform.EXTENT, (0, 0, *upright(image)))
    except OSError as error:
        raise RuntimeError(path.name, error.args) from error
    target = out_dir.joinpath(path.name)
    target.touch()
    small.save(str(target))
    return target


def upright(image):
    return image.size[::-1] if image.getexif().get(274, 1) > 4 else image.size


def resize_all(paths, size, out_dir, *, workers=2):
    with ThreadPool(workers) as pool:
        results = [pool.apply_async(resize_one, (path, size, out_dir)) for path in paths]
        return [result.get() for result in results]
