import asyncio

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    try:
        with Image.open(path) as image:
            ImageOps.exif_transpose(image).resize(size).save(target)
    except OSError as error:
        raise OSError(f"{path}: {error}") from error
    return target


async def resize_all(paths, size, out_dir, *, workers=2):  # <-- here
    return await asyncio.gather(*(asyncio.to_thread(resize_one, path, size, out_dir) for path in paths))
